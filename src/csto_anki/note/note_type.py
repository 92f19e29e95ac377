"""The note type: its fields and templates, which are frozen for ever, and its looks (HTML and styling), which are not.

Anki stops all updates of a learner's notes when a field or template is added, removed, moved or loses its id. So names,
order and ids below never change. Spare fields are there for later ideas.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from csto_anki.language.english import ENGLISH
from csto_anki.language.words import Words

Looks = Mapping[str, str]  # "Question front", "Question back", ..., "Styling": each a file's text; and words


class Field(NamedTuple):
    """A field of the note type: its name and id in Anki, and what people call it (empty: not used yet).

    If only `held_back` fields of a note change, the note is not sent to learners, because an update would overwrite
    what they wrote into it.
    """

    name: str
    id: int
    label: str
    held_back: bool = False


FIELDS = (
    Field("Question", 3611183800816671976, "question"),
    Field("Answer", 1465832304496501562, "answer"),
    Field("Reverse", 1120969319229613724, "reverse"),
    Field("ReverseAnswer", 515518777942895660, "reverse answer"),
    Field("About", 535518968357340626, "about"),
    Field("Detail", 903509247464409653, "detail"),
    Field("Mnemonic", 3515457824976210898, "mnemonic"),
    Field("Image", 1343456151863589881, "image"),
    Field("AnswerImage", 1420971864395565180, "answer image"),
    Field("Statements", 2752748040638799964, "statements"),
    Field("Reasons", 2917055626875798466, "reasons"),
    Field("AsOf", 580498407235322553, "as of", held_back=True),
    Field("Sources", 2964659726520006820, "sources", held_back=True),
    Field("Retired", 3290054605939781621, "retired"),
    Field("Report", 2884160163739410625, "report", held_back=True),
    Field("Language", 1703083253887869219, "language"),
    Field("Id", 2264687604650465410, "id"),
    Field("Changed", 3612074020628169791, "changed"),
    Field("Spare1", 2830819703267876122, ""),
    Field("Spare2", 4319150948281589437, ""),
    Field("Spare3", 3202278072794216567, "reverse subject", held_back=True),
    Field("Spare4", 2819587239436681556, "version", held_back=True),
)
FIELD_NAMES = tuple(field.name for field in FIELDS)
FIELD_IDS = tuple((field.name, field.id) for field in FIELDS)
HELD_BACK_FIELDS = frozenset(field.name for field in FIELDS if field.held_back)
LABELS = {field.name: field.label for field in FIELDS}

# The field for the version that last changed the note; the writer of a package fills it. The version of the whole deck
# is on no card: in the note type it would overwrite a learner's own styling at each release, and in a field all notes.
VERSION_FIELD = "Spare4"
# The field for the subject above a reverse question.
REVERSE_ABOUT_FIELD = "Spare3"
# The fields that hold images, by their keys in the card files.
IMAGE_FIELDS = {"image": "Image", "answer_image": "AnswerImage"}

TEMPLATES = (("Question", 4589345813588194791), ("Reverse", 1172705197225831172))
# The sides of a template: our name and Anki's.
SIDES = (("front", "qfmt"), ("back", "afmt"))
# For each template, by its number, whether its front needs all or any of these fields, by their numbers, to show
# anything. genanki and old Ankis make a card only then.
CARDS_NEED = [[0, "any", [0, 4, 7, 9, 15]], [1, "all", [2]]]
STYLING = "Styling"
# What the description of the deck says of its version, and of what has changed in it.
VERSION, WHAT_CHANGED = "Version", "What changed"
MAX_COUNTED = 12  # sources whose number the styling can say
_WORD = r"\$\{(\w+)\}"  # in the files below, a word of the language
_FILES = ("question.html", "reverse.html", "back.html", "style.css")


def looks(words: Words = ENGLISH) -> Looks:
    """The front and back of each template, and the styling, in the words of a language."""
    card = words.card
    values = {
        "as_of": card.as_of.format("{{AsOf}}"),
        "changed": card.changed,
        "hint": card.hint,
        "no_longer_taught": card.no_longer_taught,
        "sources": card.sources,
        "one_source": card.one_source,
        "rtl": f", :lang({words.language})" if words.direction == "rtl" else "",
        "fonts": words.fonts and f"{words.fonts} ",
        **{f"sources_{number}": card.many_sources.format(words.number(number)) for number in range(2, MAX_COUNTED + 1)},
    }
    texts = {name: re.sub(_WORD, lambda match: values[match[1]], _file(name)) for name in _FILES}
    back = texts["back.html"]
    # English decks were released without these two, and what has no value is English.
    of_description = {} if words is ENGLISH else {VERSION: card.version, WHAT_CHANGED: card.what_changed}
    return {
        "Question front": texts["question.html"],
        "Question back": back,
        "Reverse front": texts["reverse.html"],
        # The same back with the answer to the other question.
        "Reverse back": back.replace("{{Answer}}", "{{ReverseAnswer}}"),
        STYLING: texts["style.css"],
        **of_description,
    }


def _file(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text("utf-8")
