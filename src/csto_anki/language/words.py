"""What a language needs: its words, by the places where learners read them. Braces mark what is put in.

It does not import `annotations` from `__future__`: with it, `NamedTuple` compiles each of the 200 annotations, which takes
a millisecond of every build.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

_DIGITS = "0123456789"


class CardWords(NamedTuple):
    """On a card, and in the description of the deck."""

    as_of: str  # {}: a date
    changed: str
    hint: str
    instead: str  # {}: a search of Anki
    no_longer_taught: str
    report: str
    sources: str
    one_source: str
    many_sources: str  # {}: a number from 2 on
    version: str
    what_changed: str  # {}: a search of Anki


class PracticeWords(NamedTuple):
    """In practice questions, as the Union Public Service Commission of India prints them.

    `lines` has the line below the statements by the form of the question; {} in it is the question's `predicate`.
    `explanations_of_two` and `explanations_of_three` have the four options of questions on statements that explain each
    other.
    """

    lines: Mapping[str, str]
    statement: str  # {}: its numeral, as its label
    listed: str  # {} and {}: all of a list but the last, and the last
    only: str
    both: str
    neither: str
    counts: Sequence[str]  # from none to six
    only_count: str
    all_count: str
    all_the_count: str  # of five or six
    no_count: str
    explanations_of_two: Sequence[str]
    explanations_of_three: Sequence[str]
    correct: str
    not_correct: str
    explains: str
    does_not_explain: str


class SiteWords(NamedTuple):
    """On the website, page by page.

    With a number, there is one text for one and another for many. `forms` has names of the forms of practice questions.
    """

    # On several pages
    cards: str
    mock_paper: str
    plan: str
    revision_sheet: str
    pages: str
    day: str
    night: str
    version: str
    level: str
    all: str
    question: str
    one_question: str
    many_questions: str
    one_card: str
    many_cards: str
    place: str
    start: str
    next: str
    clear: str  # a search, or the choice of an option
    needs_script: str

    # Cards
    needs_script_for_cards: str
    download: str
    start_with: str  # {cards}: `one_card` or `many_cards`
    go_on: str
    filter: str
    kind: str
    part: str
    tag: str
    what_is_new: str
    search: str
    study: str
    no_cards: str
    no_card_has: str  # {words}: one in quotes, or several with `either`
    either: str
    other_search: str
    card: str
    close: str
    cards_seen: str
    both_sides: str
    previous_card: str
    show_answer: str
    done: str
    timeline: str
    about_timeline: str
    timeline_in_words: str
    not_released: str
    nothing_new: str
    one_new: str  # {when}: `since_release` or `in_version`
    many_new: str
    since_release: str
    in_version: str
    version_of_news: str  # in a list of versions
    show_new: str
    added: str  # of a card
    changed: str  # of a card

    # Mock paper
    questions: str
    form: str
    forms: Mapping[str, str]
    clock: str
    only_missed: str
    in_minutes: str  # {questions}: `one_question` or `many_questions`
    of_fitting: str  # {questions}: the same, or `in_minutes`
    none_fits: str
    print_paper: str
    rules: str  # {questions}: `in_minutes`
    marking: str
    questions_seen: str
    previous_question: str
    skip: str
    finish: str
    one_left: str
    many_left: str
    one_minute_left: str
    time_is_up: str  # {counts}: those of `verdicts`
    score: str
    verdicts: str
    right: str
    wrong: str
    skipped: str
    your_answer: str
    new_paper: str
    print_result: str
    look_again: str
    study_missed: str
    answers_and_reasons: str
    key: str

    # Plan
    needs_script_for_plan: str
    exam: str
    another_day: str
    first_day: str
    new_cards: str
    seen_already: str
    about_levels: str
    all_seen_on: str
    seen: str
    last_weeks: str
    last_weeks_with_papers: str  # {papers}: `mock_papers`
    mock_papers: str
    in_anki: str  # {option}: what Anki calls it
    whole_numbers: str
    give_day: str
    exam_tomorrow: str
    exam_in: str
    exam_begun: str
    one_day_before: str
    many_days_before: str
    before: str
    two_weeks_before: str
    level_seen: str  # {until}: `before` or `two_weeks_before`
    learn: str
    learn_first: str

    # Revision sheet
    answer: str
    questions_and_answers: str
    all_levels: str
    print: str
    one_fact: str
    many_facts: str
    without_practice: str
    cover: str

    # Sources
    sources_in_order: str  # {sources}: `one_source` or `many_sources` of the card
    sources_in_any_order: str
    archived: str
    other_publishers: str
    all_publishers: str


class ReleaseWords(NamedTuple):
    """In release notes, which are Markdown, and in the message for a chat.

    What is in braces is explained by its name; `buttons` in English are those of the apps, which are in English.
    """

    downloads: str  # the head of a table
    everything: str
    part_or_whole: str
    first_release: str  # headings, here and below
    by_topic: str
    tags: str  # the head of a table
    a_part_of_it: str
    how_to_search: str
    searches: str  # the head of a table
    import_it: str
    how_to_import: str
    can_change: str
    can_change_text: str
    as_of: str
    since: str
    headings: Mapping[str, str]
    summaries: Mapping[str, str]
    order_changed: str
    looks_changed: str
    no_difference: str
    labels: Mapping[str, str]
    held_back: str
    before_import: str
    what_stays: str
    replaced: str
    who_wins: str
    nothing_replaced: str
    new_order: str
    new_looks: str
    other_sorting: str
    other_note_type: str
    retired_text: str
    retired_package: str
    find_changes: str
    finds: str  # the head of a table
    meanings: Mapping[str, str]
    all_changes: str
    behind: str
    checksums: str
    made_with: str
    only_part: str  # {}: a tag, in the line of the README, as what follows
    what_is_new: str
    checksum_file: str
    message: str
    message_news: str
    message_counts: Mapping[str, str]
    begin_with: str
    the_file: str
    all_of_it: str
    one_card: str
    many_cards: str
    install: str
    save_file: str
    import_file: str
    on_iphone: str
    have_it_already: str
    second_file: str
    this_file: str
    card_is_wrong: str
    checksum_of: str  # {}: the name of a file
    facts_on_cards: str  # in the description for the shared decks of AnkiWeb, as all below
    learn_first: str
    newest_version: str
    licence: str


class Words(NamedTuple):
    """The words of one language, which is named by its code, such as `hi`.

    `name` is the language's own, `direction` is "ltr" or "rtl", `fonts` are names of fonts that have its letters, each
    followed by a comma. `date`, `month` and `decade` are patterns: {day}, {month} and {year} are put in.
    `sentence_ends` are the signs at which a sentence ends, the full stop first.
    """

    language: str
    name: str
    direction: str
    digits: str
    fonts: str
    sentence_ends: str
    months: Sequence[str]
    date: str
    month: str
    decade: str
    card: CardWords
    practice: PracticeWords
    release: ReleaseWords
    site: SiteWords

    def date_in_words(self, date: Sequence[int]) -> str:
        """A year, month and day as a card has them, such as `15 May 1992`; a part that is 0 is not known."""
        year, month, day = date
        if not month:
            return self.number(year)
        pattern = self.date if day else self.month
        return pattern.format(day=self.number(day), month=self.months[month - 1], year=self.number(year))

    @property
    def conjunction(self) -> str:
        """What is between the last two of a list, such as ` and `."""
        return self.practice.listed.replace("{}", "")

    def number(self, number: int) -> str:
        """A whole number in the digits of the language."""
        text = str(number)
        return text if self.digits == _DIGITS else text.translate(str.maketrans(_DIGITS, self.digits))
