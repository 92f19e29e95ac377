"""The commands with --language: the same deck in another language, with packages and a record of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from csto_anki.apkg import reader
from csto_anki.history.record import load
from csto_anki.release import transaction
from support.commands import call
from support.releases import README
from support.small_deck import FILES, Files, write_deck
from support.small_edition import write_edition


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_edition(tmp_path / "cards")
    (tmp_path / "README.md").write_text(README + "\n<!-- download hi -->\nअभी नहीं\n", "utf-8")
    return tmp_path


def ok(project: Path, *arguments: str) -> list[str]:
    """The lines that a command prints."""
    done = call(project, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def release(project: Path, day: str, *arguments: str) -> list[str]:
    return ok(project, "release", "--date", day, "--quiet", *arguments)


def edit(project: Path, name: str, *pair: str) -> None:
    path = project / "cards" / name
    text = path.read_text("utf-8")
    old, new = pair
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def fields(package: Path) -> dict[str, dict[str, str]]:
    return {id: dict(note.fields) for id, note in reader.our_contents(reader.load(package)).notes.items()}


def test_both_are_built_side_by_side(project: Path) -> None:
    english, hindi = (
        ok(project, "build", *arguments, "--today", "2026-11-24")[0] for arguments in ([], ["--language", "hi"])
    )
    assert english.startswith("dist/small-2026-11-24-dev-")
    assert hindi.startswith("dist/small-hi-2026-11-24-dev-")
    assert all((project / path).exists() for path in (english, hindi))
    notes = fields(project / hindi)
    assert (notes["treaty-signed"]["Answer"], notes["treaty-signed"]["Language"]) == ("15 मई 1992", "hi")
    package = reader.load(project / hindi)
    assert [each.name for each in package.note_types] == ["Small (हिन्दी)"]
    assert list(package.decks) == ["छोटा"]
    assert "संस्करण 2026.11.24.dev-" in package.decks["छोटा"]
    back = package.note_types[0].looks["Question back"]
    assert "याद रखने का सूत्र" in back
    assert "{{AsOf}} तक की स्थिति" in back


def test_a_card_is_shown_in_its_language(project: Path) -> None:
    lines = ok(project, "show", "--language", "hi", "treaty-signed")
    assert "  संधि पर किस तिथि को हस्ताक्षर हुए?" in lines
    assert "  15 मई 1992" in lines


def test_there_must_be_an_edition(project: Path) -> None:
    done = call(project, "build", "--language", "ta")
    assert done.returncode == 2
    assert "there is no edition in 'ta'; name one of hi" in done.stderr
    (project / "cards" / "hi" / "edition.yaml").unlink()
    assert "there is no edition in 'hi'; this deck has none" in call(project, "build", "--language", "hi").stderr


def test_a_change_of_the_original_names_its_translation(project: Path) -> None:
    edit(project, "dates.yaml", "was the Treaty signed", "did six states sign the Treaty")
    done = call(project, "check", "--language", "hi")
    assert done.returncode == 0
    assert done.stdout.startswith(
        "cards/hi/dates.yaml:1:1: warning: treaty-signed: its original has changed since it was translated; "
        "compare the two, then run csto-anki translate --language hi treaty-signed "
    )
    assert ok(project, "translate", "--language", "hi", "treaty-signed") == ["treaty-signed"]
    assert ok(project, "check", "--language", "hi") == []


def test_what_is_translated_is_counted(project: Path) -> None:
    assert ok(project, "stats")[-2:] == ["Editions", "  hi  2 of 2 facts translated, 0 of them behind their originals"]
    edit(project, "dates.yaml", "the Treaty", "the treaty")
    (project / "cards" / "hi" / "bodies.yaml").unlink()
    assert ok(project, "stats")[-1] == "  hi  1 of 2 facts translated, 1 of them behind their originals"
    edit(project, "hi/dates.yaml", "question", "qestion")
    assert ok(project, "stats")[-1] == "  hi  1 problem; csto-anki check --language hi shows them"


def test_diff_tells_which_translations_are_behind(project: Path) -> None:
    assert "behind" not in "\n".join(ok(project, "diff", "--language", "hi"))
    edit(project, "dates.yaml", "the Treaty", "the treaty")
    assert ok(project, "diff", "--language", "hi")[-1] == "1 translation behind their originals: treaty-signed"
    assert json.loads("\n".join(ok(project, "diff", "--language", "hi", "--format", "json")))["behind"] == [
        "treaty-signed"
    ]
    assert "behind" not in "\n".join(ok(project, "diff"))


def test_one_version_for_both(project: Path) -> None:
    """An edition has the version of the original that it translates, and its own packages, record and notes."""
    assert release(project, "2026-11-01") == ["dist/small-2026-11-01.apkg"]
    assert release(project, "2026-11-03", "--language", "hi") == ["dist/small-hi-2026-11-01.apkg"]
    dist = {path.name for path in (project / "dist").iterdir()}
    names = ("small-2026-11-01", "small-hi-2026-11-01")
    files = {f"{name}.{suffix}" for name in names for suffix in ("apkg", "md", "sha256")}
    assert dist == {*files, "README.md", "share-hi.md"}
    notes = (project / "dist" / "small-hi-2026-11-01.md").read_text("utf-8")
    assert notes.startswith("# छोटा 2026.11.01\n")
    assert "| [small-hi-2026-11-01.apkg](small-hi-2026-11-01.apkg?raw=true) | पूरा डेक | 2 | 3 |" in notes
    readme = (project / "README.md").read_text("utf-8")
    assert readme.index("**Small 2026.11.01**") < readme.index("<!-- download hi -->")
    assert "<!-- download hi -->\n[**छोटा 2026.11.01**](dist/small-hi-2026-11-01.apkg?raw=true)" in readme
    records = {name: load(project / "cards" / name)[0] for name in ("released.json", "hi/released.json")}
    assert {name: record.last for name, record in records.items() if record} == dict.fromkeys(records, "2026.11.01")
    assert ok(project, "build", "--language", "hi") == ["dist/small-hi-2026-11-01.apkg"]
    assert ok(project, "inspect", "dist/small-hi-2026-11-01.apkg")[-1].endswith(
        "byte for byte as released: small-hi-2026-11-01.apkg"
    )


def test_a_version_is_one_state_of_the_facts(project: Path) -> None:
    """What only an edition corrects has a version that the original does not have, and the other way round."""
    release(project, "2026-11-01")
    release(project, "2026-11-01", "--language", "hi")
    edit(project, "hi/dates.yaml", "हुए", "हुए थे")
    assert release(project, "2026-11-02", "--language", "hi") == ["dist/small-hi-2026-11-02.apkg"]
    edit(project, "dates.yaml", "the Treaty", "the treaty")
    assert release(project, "2026-11-02") == ["dist/small-2026-11-02-1.apkg"]
    ok(project, "translate", "--language", "hi", "treaty-signed")
    edit(project, "hi/dates.yaml", "हुए थे", "हुए")
    assert release(project, "2026-11-02", "--language", "hi") == ["dist/small-hi-2026-11-02-1.apkg"]
    edit(project, "dates.yaml", "the treaty", "this treaty")  # and not released
    edit(project, "hi/dates.yaml", "हुए", "हुए थे")
    assert release(project, "2026-11-02", "--language", "hi") == ["dist/small-hi-2026-11-02-2.apkg"]
    notes = (project / "dist" / "small-hi-2026-11-02-2.md").read_text("utf-8")
    assert "\nजिन नोटों का मूल पाठ अनुवाद के बाद बदल गया है" in notes
    assert "(`treaty-signed`)\n" in notes


def test_better_words_of_one_do_not_touch_the_notes_of_the_other(project: Path) -> None:
    release(project, "2026-11-01")
    release(project, "2026-11-01", "--language", "hi")
    edit(project, "bodies.yaml", "Who sits", "Which persons sit")
    assert "1 corrected in wording" in ok(project, "diff")[0]
    assert ok(project, "diff", "--language", "hi")[0].endswith("no difference")
    edit(project, "bodies.yaml", "Which persons sit", "Who sits")
    edit(project, "hi/bodies.yaml", "कौन बैठते हैं", "कौन-कौन बैठते हैं")
    assert ok(project, "diff")[0].endswith("no difference")
    assert "1 corrected in wording" in ok(project, "diff", "--language", "hi")[0]


def test_another_source_is_held_back_in_both(project: Path) -> None:
    release(project, "2026-11-01")
    release(project, "2026-11-01", "--language", "hi")
    edit(project, "dates.yaml", "[charter]", "[charter Art. 1]")
    for language in ([], ["--language", "hi"]):
        assert ok(project, "diff", *language)[0].endswith("1 held back")


def test_a_changed_fact_is_said_in_each_language(project: Path) -> None:
    release(project, "2026-11-01")
    release(project, "2026-11-01", "--language", "hi")
    edit(project, "dates.yaml", "1992-05-15", "1992-05-16")
    done = call(project, "release", "--date", "2026-11-02", "--language", "hi")
    assert done.returncode == 1
    assert "the answer differs from the one in 2026.11.01" in done.stderr
    with (project / "cards" / "hi" / "dates.yaml").open("a", encoding="utf-8") as file:
        file.write("  changed: यह एक दिन बाद हुआ था।\n")
    ok(project, "translate", "--language", "hi", "treaty-signed")
    release(project, "2026-11-02", "--language", "hi")
    notes = (project / "dist" / "small-hi-2026-11-02.md").read_text("utf-8")
    assert "## बदले हुए तथ्य: इन्हें फिर से सीखना है (1)" in notes
    assert "  - यह एक दिन बाद हुआ था।\n" in notes
    assert "  - उत्तर: " in notes


def test_the_packages_of_the_other_are_not_foreign(project: Path) -> None:
    """Each checks that dist has exactly its own releases, and removes only its own development versions."""
    release(project, "2026-11-01")
    release(project, "2026-11-01", "--language", "hi")
    edit(project, "dates.yaml", "the Treaty", "the treaty")
    edit(project, "hi/dates.yaml", "हुए", "हुए थे")
    hindi = ok(project, "build", "--language", "hi", "--today", "2026-11-02")[0]
    english = ok(project, "build", "--today", "2026-11-02")[0]
    assert (project / hindi).exists()
    release(project, "2026-11-02")
    assert ((project / hindi).exists(), (project / english).exists()) == (True, False)
    (project / "dist" / "small-hi-2026-11-01.apkg").unlink()
    done = call(project, "release", "--date", "2026-11-02", "--language", "hi")
    assert "small-hi-2026-11-01.apkg is missing" in done.stderr
    assert "run csto-anki build --language hi" in done.stderr


def test_an_interrupted_release_of_an_edition_is_finished(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release(project, "2026-11-01")

    def killed(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(transaction, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            call(project, "release", "--date", "2026-11-01", "--language", "hi")
    assert not (project / "dist" / "small-hi-2026-11-01.apkg").exists()
    done = call(project, "release")
    assert done.returncode == 0, done.stderr
    assert "the interrupted release is finished" in done.stderr
    assert (project / "dist" / "small-hi-2026-11-01.apkg").exists()
    record, problems = load(project / "cards" / "hi" / "released.json")
    assert record is not None, problems
    assert record.last == "2026.11.01"


def test_a_release_says_that_an_edition_is_next(project: Path) -> None:
    (project / ".git").mkdir()
    done = call(project, "release", "--date", "2026-11-01")
    assert done.stderr.endswith("Then release its edition: csto-anki release --language hi\n")
    done = call(project, "release", "--date", "2026-11-01", "--language", "hi")
    assert "edition" not in done.stderr
    edit(project, "hi/dates.yaml", "हुए", "हुए थे")
    done = call(project, "release", "--date", "2026-11-02", "--language", "hi")
    assert " add cards dist README.md CHANGELOG.md\n" in done.stderr


def test_a_deck_in_a_language_without_words_is_refused(tmp_path: Path) -> None:
    files: Files = {"deck.yaml": FILES["deck.yaml"].replace("language: en", "language: ta")}
    write_deck(tmp_path / "cards", files)
    done = call(tmp_path, "build")
    assert done.returncode == 1
    assert done.stderr.startswith(
        "cards/deck.yaml:3:11: csto-anki has no words in 'ta', such as the months; translate "
    )
    assert not (tmp_path / "dist").exists()


def test_packages_of_an_edition_that_begin_like_ours_are_known(project: Path) -> None:
    """hi-latn is an edition of its own; its packages are not foreign to hi, nor is the picture of another name."""
    for path in sorted((project / "cards" / "hi").rglob("*")):
        other = project / "cards" / "hi-Latn" / path.name
        other.parent.mkdir(exist_ok=True)
        other.write_text(path.read_text("utf-8").replace("title: छोटा", "title: chhota"), "utf-8")
    release(project, "2026-11-01")
    assert release(project, "2026-11-01", "--language", "hi-Latn") == ["dist/small-hi-latn-2026-11-01.apkg"]
    assert release(project, "2026-11-01", "--language", "hi") == ["dist/small-hi-2026-11-01.apkg"]


def test_a_renamed_edition_is_told_what_is_frozen(project: Path) -> None:
    release(project, "2026-11-01", "--language", "hi")
    (project / "cards" / "hi").rename(project / "cards" / "hi-IN")
    done = call(project, "check", "--language", "hi-IN")
    assert done.returncode == 1
    assert "cards/hi-IN/edition.yaml:1:1: deck_id was released as " in done.stdout
    assert "was the folder renamed, or `name` in words.yaml, or is this the record of another edition?" in done.stdout


def test_a_broken_record_of_the_original_stops_a_release(project: Path) -> None:
    release(project, "2026-11-01")
    (project / "cards" / "released.json").write_text("{", "utf-8")
    done = call(project, "release", "--date", "2026-11-01", "--language", "hi")
    assert (done.returncode, "cards/released.json:1:2: not JSON" in done.stderr) == (1, True)


def test_only_the_mark_of_an_edition_is_enough(project: Path) -> None:
    (project / "README.md").write_text("<!-- download hi -->\n", "utf-8")
    release(project, "2026-11-01")
    release(project, "2026-11-01", "--language", "hi")
    readme = (project / "README.md").read_text("utf-8")
    assert readme.startswith("<!-- download hi -->\n[**छोटा 2026.11.01**](dist/")


@pytest.mark.parametrize("language", ["./hi", "hi/", "../cards/hi", ""])
def test_a_language_is_no_path(language: str, project: Path) -> None:
    done = call(project, "preview", "--language", language)
    assert (done.returncode, "is not a language code" in done.stderr) == (2, True)
