"""Write the same cards in the formats of other tools.

Each function writes the files of one tool into a folder, and returns the arguments of the command that makes a deck of
them there. If a tool knows only a front and a back, the other fields go to the back, and a reverse is another card.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

Card = Mapping[str, str]

FIELDS = ("Question", "Answer", "Reverse", "ReverseAnswer", "About", "Detail", "Mnemonic", "Sources")
REST = "".join(f"{{{{#{name}}}}}<div>{{{{{name}}}}}</div>{{{{/{name}}}}}" for name in FIELDS[4:])
FRONTS = {"Forward": "{{Question}}", "Backward": "{{#Reverse}}{{Reverse}}{{/Reverse}}"}
BACKS = {
    "Forward": f"{{{{FrontSide}}}}<hr id=answer>{{{{Answer}}}}{REST}",
    "Backward": f"{{{{FrontSide}}}}<hr id=answer>{{{{ReverseAnswer}}}}{REST}",
}


def anki_yaml_tool(kinds: Mapping[str, list[Card]], folder: Path) -> list[str]:
    """One YAML file for each kind, merged into one deck."""
    templates = [{"name": name, "qfmt": FRONTS[name], "afmt": BACKS[name]} for name in FRONTS]
    config = {"name": "Note", "deck-name": "Deck", "fields": FIELDS, "css": "", "templates": templates}
    for kind, cards in kinds.items():
        lines = ["config: " + json.dumps(config), "data:"]
        for card in cards:
            values = {name.lower(): card[name].replace("$", "&#36;") for name in FIELDS if name in card}
            told = {**values, "id": card["Id"], "tags": card["Tags"].split()}
            lines += [f"  {'-' if key == 'question' else ' '} {key}: {_quoted(value)}" for key, value in told.items()]
        _write(folder / f"{kind}.yaml", "\n".join(lines) + "\n")
    files = [part for kind in kinds for part in ("-f", f"{kind}.yaml")]
    return ["batch-build", *files, "--merge", "--deck-name", "Deck", "-o", "out"]


def ankdown(kinds: Mapping[str, list[Card]], folder: Path) -> list[str]:
    """One Markdown file for each kind, which is faster than one for each card.

    The guid of a card then depends on its place in the file, so that nobody could insert one.
    """
    (folder / "Deck").mkdir()
    for kind, cards in kinds.items():
        told = []
        for card in cards:
            for _, front, back in _sides(card):
                tags = ", ".join([card["Id"], *card["Tags"].split()])
                told.append(f"{_markdown(front)}\n\n%\n\n{_back(card, back)}\n\n%\n\n{tags}\n")
        # It would open what is in double quotes as a file.
        _write(folder / "Deck" / f"{kind}.md", re.sub(r'src="([^"]*)"', r"src='\1'", "\n---\n\n".join(told)))
    return ["-r", "Deck", "-p", "deck.apkg"]


def markdown_anki_decks(kinds: Mapping[str, list[Card]], folder: Path) -> list[str]:
    """One Markdown file, because each file becomes a package."""
    parts = ["# Deck"]
    for cards in kinds.values():
        for card in cards:
            for name, front, back in _sides(card):
                parts.append(f'## <span id="{name}">{_markdown(front)}</span>\n\n{_back(card, back)}')
    (folder / "in").mkdir()
    (folder / "out").mkdir()
    _write(folder / "in" / "Deck.md", "\n\n".join(parts) + "\n")
    return ["in", "out"]


def brain_brew(kinds: Mapping[str, list[Card]], folder: Path) -> list[str]:
    """One CSV file for each kind, and a recipe; it makes a folder for another tool, CrowdAnki, and no package."""
    for kind, cards in kinds.items():
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, ["guid", *FIELDS, "tags"], restval="", lineterminator="\n")
            rows.writeheader()
            for card in cards:
                named = {name: card[name] for name in FIELDS if name in card}
                rows.writerow({"guid": card["Id"], **named, "tags": card["Tags"].replace(" ", ", ")})
    for name in FRONTS:
        _write(folder / f"{name}.html", f"{FRONTS[name]}\n\n--\n\n{BACKS[name]}\n")
    model = {"name": "Note", "id": "6f0c2a5e-5b0f-11ef-8a3c-0242ac120002", "css_file": "style.css"}
    named_fields = [{"name": name} for name in FIELDS]
    templates = [{"name": name, "html_file": f"{name}.html"} for name in FRONTS]
    files = [{"file": f"{kind}.csv", "note_model": "Note"} for kind in kinds]
    mapped = {"part_id": "notes", "note_model_mappings": [{"note_models": ["Note"]}], "file_mappings": files}
    parts = [
        {"note_model_from_yaml_part": {"part_id": "Note", "file": "model.yaml"}},
        {"headers_from_yaml_part": {"part_id": "header", "file": "header.yaml"}},
        {"notes_from_csvs": mapped},
    ]
    made = {"folder": "build", "headers": "header", "notes": {"part_id": "notes"}}
    recipe = [
        {"build_parts": parts},
        {"generate_crowd_anki": {**made, "note_models": {"parts": [{"part_id": "Note"}]}}},
    ]
    header = {"name": "Deck", "crowdanki_uuid": "7a1d3b6f-5b0f-11ef-8a3c-0242ac120002"}
    _write(folder / "model.yaml", json.dumps({**model, "fields": named_fields, "templates": templates}))
    _write(folder / "header.yaml", json.dumps(header))
    _write(folder / "recipe.yaml", json.dumps(recipe))
    _write(folder / "style.css", ".card {}\n")
    return ["run", "recipe.yaml"]


class Peer(NamedTuple):
    """A tool: its command, what to install, its writer, and how many notes it can do in reasonable time."""

    command: str
    requirements: tuple[str, ...]
    write: Callable[[Mapping[str, list[Card]], Path], list[str]]
    most: int


PEERS = {
    "anki-yaml-tool": Peer("anki-yaml-tool", ("anki-yaml-tool==0.4.0",), anki_yaml_tool, 10_000),
    "ankdown": Peer("ankdown", ("ankdown==0.7.1",), ankdown, 10_000),
    # With a newer click it only prints its version. Its time grows with the square of the number of notes.
    "markdown-anki-decks": Peer(
        "mdankideck", ("markdown-anki-decks==1.1.1", "click==8.1.8"), markdown_anki_decks, 1_000
    ),
    "brain-brew": Peer("brain_brew", ("Brain-Brew==0.3.11",), brain_brew, 10_000),
}


def _sides(card: Card) -> list[tuple[str, str, str]]:
    """A name, the front and the back of each card of a note."""
    sides = [(card["Id"], card["Question"], card["Answer"])]
    return sides + ([(f"{card['Id']}.reverse", card["Reverse"], card["ReverseAnswer"])] if "Reverse" in card else [])


def _back(card: Card, answer: str) -> str:
    rest = [_markdown(card[name]) for name in FIELDS[4:7] if name in card]
    return "\n\n".join([_markdown(answer), *rest, f"<div>{card['Sources']}</div>"])


def _markdown(text: str) -> str:
    """HTML as one line of Markdown, with everything escaped that Markdown would take for markup."""
    text = re.sub(r"^([-+=>:]|\d+(?=[.)]))", lambda match: "".join(f"&#{ord(c)};" for c in match[1]), text)
    tag_or_mark = r"(<[a-zA-Z/][^>]*>|&#?\w+;)|([\\`*_\[\]#~^|$%])"
    return re.sub(tag_or_mark, lambda match: match[1] or f"&#{ord(match[2])};", text.replace("\n", " "))


def _quoted(value: object) -> str:
    """A value as YAML, which reads all that JSON writes."""
    return json.dumps(value, ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="\n")
