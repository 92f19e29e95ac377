"""The files that are generated: the committed ones are up to date, and nobody's own page is replaced."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from csto_anki.authoring.generated import generated
from csto_anki.authoring.pages import MARK, Command, Option, commands_page
from csto_anki.cli.authoring import commands_page as page_of_our_commands
from csto_anki.cli.main import cli
from csto_anki.deck.model import Deck
from support.commands import POSIX, call
from support.small_deck import FILES, write_deck
from support.small_edition import write_edition

REPOSITORY = Path(__file__).parents[2]
FILES_OF_THE_PROJECT = (
    *("cards/schema/facts.json", "cards/schema/sources.json", "cards/schema/deck.json", "cards/schema/names.json"),
    *("cards/schema/edition.json", "cards/schema/translations.json", "cards/schema/glossary.json"),
    *("docs/rules.md", "docs/keys.md", "docs/commands.md", "docs/glossary-hi.md"),
)
STALE = "{} is not up to date; run: .venv/bin/csto-anki schema"


@pytest.fixture(scope="module")
def expected(curated: Deck) -> dict[str, str]:
    """What the command would write, by the path in the project."""
    found = generated(curated, REPOSITORY / "cards", page_of_our_commands(cli))
    return {path.relative_to(REPOSITORY).as_posix(): text for path, text in found.items()}


def test_all_generated_files_are_known(expected: dict[str, str]) -> None:
    assert sorted(expected) == sorted(FILES_OF_THE_PROJECT)
    assert len(list((REPOSITORY / "cards" / "schema").iterdir())) == 7


@pytest.mark.parametrize("name", FILES_OF_THE_PROJECT)
def test_each_generated_file_is_up_to_date(name: str, expected: dict[str, str]) -> None:
    """A new source or picture alone may wait, because a person who adds one on a web page cannot run the command."""
    committed = (REPOSITORY / name).read_text("utf-8")
    is_current = committed == expected[name]
    if name.endswith("names.json"):
        made, found = (json.loads(text)["definitions"] for text in (expected[name], committed))
        for names in (made, found):
            names["source"] = names["picture"] = "may wait"
        is_current = found == made
    assert is_current, STALE.format(name)


def test_the_command_writes_what_is_stale_and_then_nothing(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "keys.md").write_text(MARK)
    schemas = [f"cards/schema/{name}.json" for name in ("facts", "sources", "deck", "names")]
    result = call(tmp_path, "schema")
    assert (result.returncode, result.stdout.split(), result.stderr) == (0, [*schemas, "docs/keys.md"], "")
    assert (tmp_path / "docs" / "keys.md").read_text("utf-8") == (REPOSITORY / "docs" / "keys.md").read_text("utf-8")
    for arguments in (("schema",), ("schema", "--check")):
        result = call(tmp_path, *arguments)
        assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "text", [None, "", "# Our keys\n", f"# Our keys\n{MARK}"], ids=["none", "empty", "own", "below"]
)
def test_a_page_that_was_not_generated_is_not_written(text: str | None, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    pages = [tmp_path / "docs" / name for name in ("rules.md", "keys.md", "commands.md")]
    for page in pages:
        if text is not None:
            page.parent.mkdir(exist_ok=True)
            page.write_text(text, "utf-8")
    result = call(tmp_path, "schema")
    assert (result.returncode, len(result.stdout.split())) == (0, 4)
    for page in pages:
        assert (page.read_text("utf-8") if page.exists() else None) == text
    assert (tmp_path / "docs").exists() == (text is not None)


def test_a_page_that_is_a_link_to_elsewhere_is_not_written(tmp_path: Path) -> None:
    write_deck(tmp_path / "project" / "cards")
    (tmp_path / "theirs.md").write_text(f"{MARK}theirs", "utf-8")
    (tmp_path / "project" / "docs").mkdir()
    (tmp_path / "project" / "docs" / "keys.md").symlink_to(tmp_path / "theirs.md")
    assert call(tmp_path / "project", "schema").returncode == 0
    assert (tmp_path / "project" / "docs" / "keys.md").is_symlink()
    assert (tmp_path / "theirs.md").read_text("utf-8") == f"{MARK}theirs"


SOURCE = "other:\n  title: T\n  publisher: P\n  url: https://example.org/o\n  date: 2024\n"


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        ({"sources.yaml": FILES["sources.yaml"] + SOURCE}, ""),
        ({"deck.yaml": FILES["deck.yaml"] + "  more: asked more\n"}, "cards/schema/names.json\n"),
        ({"schema/names.json": "{}"}, "cards/schema/names.json\n"),
        ({"schema/names.json": '{"definitions": [1]}'}, "cards/schema/names.json\n"),
        ({"schema/deck.json": "{}\n"}, "cards/schema/deck.json\n"),
    ],
    ids=["source", "tag", "empty", "list", "schema"],
)
def test_a_check_fails_except_for_a_new_source(
    change: dict[str, str | bytes | None], stale: str, tmp_path: Path
) -> None:
    write_deck(tmp_path / "cards")
    assert call(tmp_path, "schema").returncode == 0
    write_deck(tmp_path / "cards", change)
    result = call(tmp_path, "schema", "--check")
    message = "csto-anki: these are not up to date; run csto-anki schema\n" if stale else ""
    assert (result.returncode, result.stdout, result.stderr) == (1 if stale else 0, stale, message)
    assert call(tmp_path, "schema").stdout == (stale or "cards/schema/names.json\n")
    assert call(tmp_path, "schema", "--check").returncode == 0


def test_the_page_of_commands() -> None:
    cards = Option(("--cards",), "DIR", "The folder.")
    commands = [
        Command("a", "Do a.\n\n    It does\n    all.\n\n    Example: csto-anki a --loud", ("FILE",), (cards,)),
        Command("b", "Do b.\n\nExample: csto-anki b", (), (cards, Option(("--loud", "-l"), "", "Be loud."))),
        Command("c", "Do c.\n\nExample: csto-anki c", ("[OLD]",), (cards,)),
    ]
    page = commands_page(commands)
    assert page.startswith(f"{MARK}# The commands\n")
    assert page.endswith("""
## Options of many commands

- `--cards DIR`: The folder. For a, b, c.

## `a FILE [OPTIONS]`

Do a. It does all.

```sh
.venv/bin/csto-anki a --loud
```

## `b [OPTIONS]`

Do b.

- `--loud`, `-l`: Be loud.

```sh
.venv/bin/csto-anki b
```

## `c [OLD] [OPTIONS]`

Do c.

```sh
.venv/bin/csto-anki c
```
""")


def test_the_page_has_every_command_and_option() -> None:
    page = page_of_our_commands(cli)
    for name, command in cli.commands.items():
        assert f"\n## `{name} " in page
        assert f"```sh\n.venv/bin/csto-anki {name}" in page
        for option in (option for parameter in command.params for option in parameter.opts if option.startswith("-")):
            assert f"`{option}`" in page or f"`{option} " in page
    assert "  " not in page.partition("## Options of many commands")[2]
    assert "[default" not in page
    assert len(page.encode()) < 8500


def test_the_page_does_not_depend_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = page_of_our_commands(cli)
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setattr("click.Command.get_help", None)
    monkeypatch.setattr("click.Parameter.get_help_record", None)
    monkeypatch.setattr("click.Parameter.make_metavar", None)
    assert page_of_our_commands(cli) == wide


@POSIX
def test_a_folder_of_pages_that_is_a_link_out_of_the_project_is_left_alone(tmp_path: Path) -> None:
    write_deck(tmp_path / "project" / "cards")
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "keys.md").write_text(MARK)
    (tmp_path / "project" / "docs").symlink_to("../others")
    assert call(tmp_path / "project", "schema").returncode == 0
    assert (tmp_path / "others" / "keys.md").read_text() == MARK


def test_the_pages_are_found_from_within_the_folder_of_cards(tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "keys.md").write_text(MARK)
    result = call(tmp_path / "cards", "schema", "--check", "--cards", ".")
    assert result.returncode == 1
    assert str(tmp_path / "docs" / "keys.md") in result.stdout.splitlines()


def test_the_line_ends_of_windows_are_up_to_date(tmp_path: Path) -> None:
    """Version control can put them there; another text is stale."""
    write_deck(tmp_path / "cards")
    assert call(tmp_path, "schema").returncode == 0
    for path in (tmp_path / "cards" / "schema").iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    result = call(tmp_path, "schema", "--check")
    assert (result.returncode, result.stdout) == (0, "")
    path = tmp_path / "cards" / "schema" / "deck.json"
    path.write_bytes(path.read_bytes() + b"\r\n")
    result = call(tmp_path, "schema", "--check")
    assert (result.returncode, result.stdout) == (1, f"{Path('cards/schema/deck.json')}\n")


@pytest.mark.parametrize("change", ["more", "fewer"])
def test_names_with_other_definitions_are_stale(change: str, tmp_path: Path) -> None:
    write_deck(tmp_path / "cards")
    assert call(tmp_path, "schema").returncode == 0
    path = tmp_path / "cards" / "schema" / "names.json"
    found = json.loads(path.read_text("utf-8"))
    if change == "more":
        found["definitions"]["another"] = {}
    else:
        del found["definitions"]["source"]
    path.write_text(json.dumps(found), "utf-8")
    assert call(tmp_path, "schema", "--check").stdout == f"{Path('cards/schema/names.json')}\n"


def test_a_glossary_with_a_problem_keeps_its_page(tmp_path: Path) -> None:
    write_edition(tmp_path / "cards", {"hi/glossary.yaml": "Treaty:\n  word: संधि | करार\n"})
    page = tmp_path / "docs" / "glossary-hi.md"
    page.parent.mkdir()
    page.write_text("<!-- Generated by `csto-anki schema`. -->\n", "utf-8")
    assert call(tmp_path, "schema").returncode == 0
    before = page.read_text("utf-8")
    assert "| Treaty | संधि \\| करार |  | own |\n" in before
    (tmp_path / "cards" / "hi" / "glossary.yaml").write_text("- a\n", "utf-8")
    done = call(tmp_path, "schema")
    assert done.returncode == 1
    assert "cards/hi/glossary.yaml: the glossary has problems; csto-anki check --language hi shows them" in done.stderr
    assert page.read_text("utf-8") == before
