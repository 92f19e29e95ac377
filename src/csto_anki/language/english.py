"""The words in English."""

from __future__ import annotations

from csto_anki.language.english_site import ENGLISH_SITE
from csto_anki.language.words import CardWords, PracticeWords, ReleaseWords, Words

_BOTH_OF_TWO = "Both Statement I and Statement II are correct"
_BOTH_OF_THREE = "Both Statement II and Statement III are correct"

ENGLISH = Words(
    language="en",
    name="English",
    direction="ltr",
    digits="0123456789",
    fonts="",
    sentence_ends=".?!;",
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    date="{day} {month} {year}",
    month="{month} {year}",
    decade="{year}s",
    card=CardWords(
        as_of="As of {}",
        changed="Changed since an earlier version of this card:",
        hint="Hint to remember",
        instead="Instead, learn the card that this search finds: {}",
        no_longer_taught="No longer taught",
        report="Report a mistake",
        sources="Sources",
        one_source="1 source",
        many_sources="{} sources",
        version="Version",
        what_changed="What changed in it: search {}",
    ),
    practice=PracticeWords(
        lines={
            "which statements": "Which of the statements given above is/are correct?",
            "how many statements": "How many of the statements given above are correct?",
            "which pairs": "Which of the pairs given above is/are correctly matched?",
            "how many pairs": "How many of the pairs given above are correctly matched?",
            "how many rows": "In how many of the above rows is the given information correctly matched?",
            "which names": "Which of the above {}?",
            "how many names": "How many of the above {}?",
            "explanation": "Which one of the following is correct in respect of the above statements?",
            "which one": "",
            "order": "Which one of the following is the correct chronological order of the above, beginning with the "
            "earliest?",
        },
        statement="Statement {}:",
        listed="{} and {}",
        only="{} only",
        both="Both {} and {}",
        neither="Neither {} nor {}",
        counts=("none", "one", "two", "three", "four", "five", "six"),
        only_count="Only {}",
        all_count="All {}",
        all_the_count="All the {}",
        no_count="None",
        explanations_of_two=(
            f"{_BOTH_OF_TWO} and Statement II explains Statement I",
            f"{_BOTH_OF_TWO}, but Statement II does not explain Statement I",
            "Statement I is correct, but Statement II is incorrect",
            "Statement I is incorrect, but Statement II is correct",
        ),
        explanations_of_three=(
            f"{_BOTH_OF_THREE} and both of them explain Statement I",
            f"{_BOTH_OF_THREE}, but only one of them explains Statement I",
            "Only one of the Statements II and III is correct and that explains Statement I",
            "Neither Statement II nor Statement III is correct",
        ),
        correct="Correct.",
        not_correct="Not correct.",
        explains="It explains Statement I.",
        does_not_explain="It does not explain Statement I.",
    ),
    release=ReleaseWords(
        downloads="| download | what it holds | notes | cards |",
        everything="everything",
        part_or_whole="Both are the same deck: you can begin with the part and import the whole later. You lose nothing.",
        first_release="What is in it",
        by_topic="By topic:",
        tags="| tag | what it is about | notes |",
        a_part_of_it="To study a part of it",
        how_to_search="Search in *Browse*. Then suspend the other notes, or make a filtered deck of those that you found:",
        searches="| search | what it finds | notes |",
        import_it="To import it",
        how_to_import="Open the file with Anki, AnkiDroid or AnkiMobile, and leave the options as they are: update notes "
        "and note types *if newer*, no learning progress, no deck presets, no merging of note types.",
        can_change="What can still change",
        can_change_text="Nothing after {date} is in this version. Check these in the news before the exam. Each was "
        "still true\nat the date given:",
        as_of="{question} (as of {date})",
        since="{what} since {version}.",
        headings={
            "fact": "Changed facts: to be learnt again",
            "added": "New",
            "wording": "Corrected in wording",
            "retired": "No longer taught",
            "silent": 'Held back until the note\'s next change, because only "as of", sources, tags or markup differ',
            "gone": "No longer in the newer one: retired or removed",
        },
        summaries={
            "fact": "{} with a changed fact",
            "added": "{} new",
            "wording": "{} corrected in wording",
            "retired": "{} retired",
            "silent": "{} held back",
            "gone": "{} no longer in the newer one (retired or removed)",
        },
        order_changed="order changed",
        looks_changed="the cards look different",
        no_difference="no difference",
        labels={
            "question": "question",
            "answer": "answer",
            "reverse": "reverse",
            "reverse answer": "reverse answer",
        },
        held_back='In {count} notes, only an "as of" date, a source, a tag or the markup is newer. New learners get it '
        "now. If you have the note already, you get it with the note's next change, because replacing a note deletes "
        "what you wrote into it.",
        before_import="Before you import",
        what_stays="Your schedule, flags and suspended cards stay as they are, and cards that you moved stay in their "
        "decks.",
        replaced="Your own words and tags stay in all notes except {count}, which this version replaces as a whole. Find "
        "these with this search in *Browse*. If you have written into one of them, copy your words into a note of your "
        "own before you import:",
        who_wins="If you wrote into one of these after {time}, your note wins: it stays as you have it, and you do not "
        "get its correction.",
        nothing_replaced="Your own words and tags stay, too, because no note that you have is replaced.",
        new_order="New cards come in another order now. This does not move the cards that you have already.",
        new_looks="The cards look different in this version. If you changed their styling yourself, or the fonts of the "
        "editor, it is replaced.",
        other_sorting="If the browser sorts these notes by another field than the first (*Manage Note Types > Fields > "
        "Sort by this field in the browser*), import the file twice: first with *Update note types* set to *Never*, "
        "then with the options as they are. Otherwise you get none of the corrections.",
        other_note_type="If you added, moved or deleted a field or a card type of *{note_type}*, tick *Merge note types* "
        "and set *Update note types* to *Never*. Otherwise you get none of the corrections.",
        retired_text="The files above no longer have the cards that were retired in this version or earlier. If you have "
        "these cards, they stay as they are. This search finds all of them. Suspend them or delete them; the files "
        "above do not bring them back:",
        retired_package="If you want to read on each card why it is no longer taught, import {file}, too. It replaces "
        "these notes as a whole, with your words and tags in them. It brings back those that you deleted, and adds "
        "those that you never had.",
        find_changes="To find the changes in Anki, after the import",
        finds="| search | what it finds |",
        meanings={
            "fact": "what is a different fact now: select these cards and choose *Reset* (in older versions *Forget*) to "
            "learn them again",
            "wording": "what is worded better now; you need not do anything",
            "added": "what is new",
        },
        all_changes="everything that has changed since its first release",
        behind="In {count} notes, the original has changed since they were translated, so they can be older than the "
        "deck in the other language:",
        checksums="Checksums (SHA-256)",
        made_with="Made with {libraries}; with other versions of these, the same cards give a file with other bytes.",
        only_part="only `{}`",
        what_is_new="what is new",
        checksum_file="checksums",
        message="{title}: flashcards for Anki, version {version}{news}",
        message_news="Since {version}: {counts}",
        message_counts={"added": "{} new", "fact": "{} changed", "wording": "{} corrected"},
        begin_with="Begin with this file",
        the_file="The file",
        all_of_it="Everything, now or later",
        one_card="1 card",
        many_cards="{} cards",
        install="Install AnkiDroid (Android, free), AnkiMobile (iPhone) or Anki.",
        save_file="Save the file to Downloads. Do not open it here in the chat: AnkiDroid fails.",
        import_file="Import it. AnkiDroid: ⋮ > Import, then choose it in Downloads. Anki: File > Import.",
        on_iphone="AnkiMobile: tap it, Share, Anki. Change no options.",
        have_it_already="You have the deck already? Do the same with {file}: your progress stays.",
        second_file="the second file",
        this_file="this file",
        card_is_wrong="A card is wrong? Answer with the id in the last line on its back.",
        checksum_of="SHA-256 of {}:",
        facts_on_cards="**{notes} facts on {cards} cards**, by topic:",
        learn_first="**What to learn first.** Each fact has one of these tags:",
        newest_version="**Newest version**: {address}",
        licence="**Licence**: {licence}",
    ),
    site=ENGLISH_SITE,
)
