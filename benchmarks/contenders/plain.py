"""The script that anyone would write: click, PyYAML's fast loader, and genanki, unchanged.

It makes the same notes as csto-anki, in the same note type and in the same order, and does nothing else: no checks, no
places for messages, no releases, and other bytes each time.
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import click
import genanki
import yaml

FIELDS = (
    *("Question", "Answer", "Reverse", "ReverseAnswer", "About", "Detail", "Mnemonic", "Image", "AnswerImage"),
    *("Statements", "Reasons", "AsOf", "Sources", "Retired", "Report", "Language", "Id", "Changed"),
    *("Spare1", "Spare2", "Spare3", "Spare4"),
)
TEMPLATES = Path(__file__).parents[2] / "src" / "csto_anki" / "note" / "templates"


def load(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


def escaped(value: Any) -> str:
    return html.escape(str(value or ""), quote=False).replace("\n", "<br>")


def picture(value: Any) -> str:
    return f'<img src="{value["file"]}" alt="{html.escape(value["alt"])}">' if value else ""


def cited(sources: Any, citation: str) -> str:
    key, _, where = citation.partition(" ")
    source = sources[key]
    told = f"{source['publisher']}, {source['date']}" if "date" in source else source["publisher"]
    link = f'<a href="{html.escape(source["url"])}">{escaped(source["title"])}</a>'
    return f"{link} ({escaped(told)}){', ' if where else ''}{escaped(where)}"


def fields(id: str, entry: Any, sources: Any) -> list[str]:
    reverse, statements = entry.get("reverse", {}), entry.get("statements", [])
    values = {
        "Question": escaped(entry["question"]),
        "Answer": escaped(entry.get("answer") or entry.get("date") or "see the reasons"),
        "Reverse": escaped(reverse.get("question")),
        "ReverseAnswer": escaped(reverse.get("answer")),
        "About": escaped(entry.get("about")),
        "Detail": escaped(entry.get("detail")),
        "Mnemonic": escaped(entry.get("mnemonic")),
        "Image": picture(entry.get("image")),
        "AnswerImage": picture(entry.get("answer_image")),
        "Statements": "".join(f"<li>{escaped(each['text'])}</li>" for each in statements),
        "Reasons": "".join(f"<li>{escaped(each['why'])}</li>" for each in statements),
        "AsOf": escaped(entry.get("as_of")),
        "Sources": "<br>".join(cited(sources, citation) for citation in entry["sources"]),
        "Language": "en",
        "Id": id,
    }
    return [values.get(name, "") for name in FIELDS]


@click.command()
@click.option("--cards", type=click.Path(path_type=Path), default=Path("cards"))
@click.option("--output", type=click.Path(path_type=Path), required=True)
def main(cards: Path, output: Path) -> None:
    """Build the deck."""
    settings, sources = load(cards / "deck.yaml"), load(cards / "sources.yaml")
    back = (TEMPLATES / "back.html").read_text("utf-8")
    model = genanki.Model(
        settings["note_type_id"],
        settings["note_type"],
        fields=[{"name": name} for name in FIELDS],
        templates=[
            {"name": "Question", "qfmt": (TEMPLATES / "question.html").read_text("utf-8"), "afmt": back},
            {"name": "Reverse", "qfmt": (TEMPLATES / "reverse.html").read_text("utf-8"), "afmt": back},
        ],
        css=(TEMPLATES / "style.css").read_text("utf-8"),
    )
    deck = genanki.Deck(settings["deck_id"], settings["title"], settings["description"])
    for kind in settings["kinds"]:
        for id, entry in (load(cards / f"{kind}.yaml") or {}).items():
            if "retired" in entry:
                continue
            tags = [f"csto::{tag}" for tag in [kind, *entry.get("tags", [])]]
            values, guid = fields(id, entry, sources), genanki.guid_for(id)
            deck.add_note(genanki.Note(model, values, tags=tags, guid=guid, due=len(deck.notes)))
    package = genanki.Package(deck, media_files=[str(path) for path in sorted((cards / "media").glob("*.[sp]*g"))])
    package.write_to_file(output)


if __name__ == "__main__":
    main()
