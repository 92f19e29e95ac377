"""The texts of a release: what learners read, the changelog, and the download line of the README."""

from __future__ import annotations

import re
from pathlib import Path

from anki.collection import Collection
from anki.decks import DeckId

from csto_anki.apkg import reader
from csto_anki.deck.values import MAX_WORD_LENGTH
from csto_anki.history.record import load
from csto_anki.release.notes import search_for
from support.commands import run
from support.releases import BODIES, CORE, DATES, FIRST, FOURTH, JUNE, README, SEAT, SECOND, THIRD, release
from support.small_deck import FILES, write_deck


def test_the_release_notes_of_an_update(tmp_path: Path) -> None:
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    release(tmp_path, SECOND, "2026.07.01", JUNE + 30 * 86400)
    text = (tmp_path / "dist" / "small-2026-07-01.md").read_text("utf-8")
    sums = (tmp_path / "dist" / "small-2026-07-01.sha256").read_text()
    made_with = text.splitlines()[-1].removeprefix("Made with ").partition(";")[0]
    assert (
        text
        == f"""\
# Small 2026.07.01

A small deck

| download | what it holds | notes | cards |
|---|---|---:|---:|
| [small-2026-07-01.apkg](small-2026-07-01.apkg?raw=true) | everything | 3 | 4 |
| [small-core-2026-07-01.apkg](small-core-2026-07-01.apkg?raw=true) | `core`: first | 1 | 1 |

Both are the same deck: you can begin with the part and import the whole later. You lose nothing.

1 with a changed fact, 1 new, 1 corrected in wording since 2026.06.01.

## Before you import

Your schedule, flags and suspended cards stay as they are, and cards that you moved stay in their decks.
Your own words and tags stay in all notes except 2, which this version replaces as a whole. Find these with this \
search in *Browse*. If you have written into one of them, copy your words into a note of your own before you import:

```
"Id:re:^(treaty-signed|highest-body)$"
```

If you wrote into one of these after 1 July 2026, 09:00 UTC, your note wins: it stays as you have it, and you do not \
get its correction. Open the file with Anki, AnkiDroid or AnkiMobile, and leave the options as they are: update notes \
and note types *if newer*, no learning progress, no deck presets, no merging of note types.

If you added, moved or deleted a field or a card type of *Small*, tick *Merge note types* and set *Update note types* \
to *Never*. Otherwise you get none of the corrections.

## Changed facts: to be learnt again (1)

- **On which day was the Treaty signed?** (`treaty-signed`)
  - It was a day later than we said.
  - answer: ~~15~~**16** May 1992

## New (1)

| tag | what it is about | notes |
|---|---|---:|
| `small::bodies` | who | 1 |

- In which \\*city\\* is its seat?

## Corrected in wording (1)

- **Who sits on the \\*Council\\*?** (`highest-body`)
  - question: Who sits on the **\\***Council**\\***?

## To find the changes in Anki, after the import

| search | what it finds |
|---|---|
| `tag:small::changed::2026.07.01::fact` | what is a different fact now: select these cards and choose *Reset* (in \
older versions *Forget*) to learn them again |
| `tag:small::changed::2026.07.01::wording` | what is worded better now; you need not do anything |
| `tag:small::added::2026.07.01` | what is new |
| `tag:small::changed` | everything that has changed since its first release |

## Checksums (SHA-256)

```
{sums}```

Made with {made_with}; with other versions of these, the same cards give a file with other bytes.
"""  # noqa: S608  # no SQL
    )


def test_the_release_notes_on_what_is_no_longer_taught(tmp_path: Path) -> None:
    """Those who have the deck learn what to do with it; newcomers find no link to it."""
    (tmp_path / "README.md").write_text(README)
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    release(tmp_path, SECOND, "2026.07.01", JUNE + 30 * 86400)
    release(tmp_path, THIRD, "2026.08.01", JUNE + 61 * 86400)
    text = (tmp_path / "dist" / "small-2026-08-01.md").read_text("utf-8")
    reason = (
        "- **Who sits on the \\*Council\\*?** (`highest-body`)\n"
        "  - No longer asked. Instead, learn the card that this search finds: Id:seat\n"
    )
    advice = """
The files above no longer have the cards that were retired in this version or earlier. If you have these cards, they \
stay as they are. This search finds all of them. Suspend them or delete them; the files above do not bring them back:

```
Id:highest-body
```

If you want to read on each card why it is no longer taught, import [small-retired-2026-08-01.apkg]\
(small-retired-2026-08-01.apkg?raw=true), too. It replaces these notes as a whole, with your words and tags in them. \
It brings back those that you deleted, and adds those that you never had.
"""
    assert f"\n\n## No longer taught (1)\n\n{reason}{advice}\n## Checksums (SHA-256)\n" in text
    assert "\nYour own words and tags stay, too, because no note that you have is replaced. " in text
    assert "tag:small::changed::2026.08.01::retired" not in text
    assert "tag:small::retired" not in text
    table, _, rest = text.partition("\n1 retired since 2026.07.01.\n")
    assert "retired" not in table
    assert rest.count("  small-retired-2026-08-01.apkg\n") == 1
    assert "retired" not in (tmp_path / "README.md").read_text("utf-8")
    # Nothing else has changed, so the description of the deck names no search for changes.
    for day, is_named in (("2026-07-01", True), ("2026-08-01", False)):
        (description,) = reader.load(tmp_path / "dist" / f"small-{day}.apkg").decks.values()
        assert ("What changed in it: " in description) == is_named
    changelog = (tmp_path / "CHANGELOG.md").read_text("utf-8")
    assert f"\n### No longer taught (1)\n\n{reason}" in changelog
    versions = [line for line in changelog.splitlines() if line.startswith("## ")]
    assert versions == ["## Small 2026.08.01", "## Small 2026.07.01", "## Small 2026.06.01"]
    # Who skips that version reads it in the next one; what else changed on a retired card does not reach them.
    release(tmp_path, FOURTH, "2026.09.01", JUNE + 92 * 86400)
    text = (tmp_path / "dist" / "small-2026-09-01.md").read_text("utf-8")
    assert f"\n\n## No longer taught\n{advice.replace('2026-08', '2026-09')}\n## To find the changes" in text
    assert "\n1 corrected in wording since 2026.08.01.\n" in text
    assert "\n```\nId:treaty-signed\n```\n" in text
    assert "Not asked any longer." not in text


def test_a_fact_that_nobody_has_is_retired_in_silence(tmp_path: Path) -> None:
    """There is no file with it, and nothing to tell learners."""
    retired = f"{SEAT}  retired: {{why: A mistake.}}\n"
    release(tmp_path, {**FIRST, "bodies.yaml": f"{BODIES}{retired}"}, "2026.06.01", JUNE)
    city = retired.replace("seat:", "city:").replace("its *seat*", "the seat")
    dates = DATES.replace("was the Treaty", "was the *Treaty*")
    where = release(tmp_path, {**FIRST, "bodies.yaml": f"{BODIES}{city}", "dates.yaml": dates}, "2026.07.01", JUNE + 9)
    text = (where.dist / "small-2026-07-01.md").read_text("utf-8")
    assert "1 corrected in wording" in text
    assert "retired" not in text
    assert "No longer taught" not in text
    assert not list(where.dist.glob("*retired*"))


def test_the_search_for_many_ids_works_in_anki(tmp_path: Path) -> None:
    """For 150 of the longest ids, in the real Anki, it finds exactly their notes."""
    ids = [f"{'fact-' * 15}n{number:04}" for number in range(150)]
    assert {len(id) for id in ids} == {MAX_WORD_LENGTH}
    collection = Collection(str(tmp_path / "collection.anki2"))
    try:
        for id in [each + end for each in ids for end in ("", "-x")]:
            note = collection.new_note(collection.models.all()[0])
            note.fields[:2] = [id, "answer"]
            collection.add_note(note, DeckId(1))
        name = collection.models.all()[0]["flds"][0]["name"]
        for some in (ids, ids[:2], ids[:1]):
            found = collection.find_notes(search_for(some).replace("Id:", f"{name}:", 1))
            assert sorted(collection.get_note(id).fields[0] for id in found) == some
    finally:
        collection.close()


def test_what_is_held_back_is_released_and_described(tmp_path: Path) -> None:
    """New learners get it; nobody's note is replaced, and the release notes say so."""
    release(tmp_path, FIRST, "2026.06.01", JUNE)
    sources = FILES["sources.yaml"].replace("example.org", "example.net")
    where = release(tmp_path, {**FIRST, "sources.yaml": sources}, "2026.07.01", JUNE + 30 * 86400)
    text = (where.dist / "small-2026-07-01.md").read_text("utf-8")
    assert "Your own words and tags stay, too, because no note that you have is replaced." in text
    assert 'In 2 notes, only an "as of" date, a source, a tag or the markup is newer.' in text
    record, _ = load(where.record)
    assert record is not None
    assert {entry.changed for entry in record.notes.values()} == {"2026.06.01"}
    assert "example.net" in record.notes["treaty-signed"].note.fields["Sources"]


def test_the_texts_of_a_release_show_what_is_asked_and_not_how_details_were_worded(tmp_path: Path) -> None:
    release(tmp_path, {**FIRST, "dates.yaml": DATES + "  detail: At Tashkent.\n"}, "2026.06.01", JUNE)
    second = {**FIRST, "dates.yaml": DATES + "  detail: At Tashkent, Uzbekistan.\n"}
    where = release(tmp_path, second, "2026.07.01", JUNE + 30 * 86400)
    expected = "Corrected in wording (1)\n\n- **On which day was the Treaty signed?** (`treaty-signed`)\n\n"
    assert f"## {expected}" in (where.dist / "small-2026-07-01.md").read_text("utf-8")
    assert f"### {expected}" in where.changelog.read_text("utf-8")
    compared = run(tmp_path, "diff", "2026.06.01", "2026.07.01", "--format", "markdown").stdout
    assert "  - detail: At Tashkent**, Uzbekistan**." in compared


def test_a_title_and_a_description_are_text_in_the_texts_of_a_release(tmp_path: Path) -> None:
    title = "T](//e.org/x.apkg)<img src=//e.org/p>["
    files = {
        **FIRST,
        "deck.yaml": CORE.replace("title: Small", f"title: '{title}'").replace("A small", "An *A* <b>small"),
    }
    write_deck(tmp_path / "cards", files)
    (tmp_path / "README.md").write_text(README)
    assert run(tmp_path, "release").returncode == 0
    texts = [tmp_path / "README.md", tmp_path / "CHANGELOG.md", *(tmp_path / "dist").glob("*.md")]
    for path in texts:
        text = re.sub(r"(?ms)^(`{3,})\n.*?^\1$", "", path.read_text())  # what is in a fence is shown as it is
        assert r"T\](//e.org/x.apkg)\<img src=//e.org/p\>\[" in text, path
        assert "<img" not in text.replace(r"\<img", ""), path
        assert "<b>" not in text, path


def test_the_release_notes_of_the_first_release(tmp_path: Path) -> None:
    """And of a deck without priorities, which is one package."""
    dates = FILES["dates.yaml"] + "  as_of: 2026-05\n"
    where = release(tmp_path, {"dates.yaml": dates}, "2026.06.01", JUNE)
    text = (where.dist / "small-2026-06-01.md").read_text("utf-8")
    head, _, rest = text.partition("## Checksums")
    assert rest
    assert (
        head
        == """\
# Small 2026.06.01

A small deck

| download | what it holds | notes | cards |
|---|---|---:|---:|
| [small-2026-06-01.apkg](small-2026-06-01.apkg?raw=true) | everything | 2 | 3 |

## What is in it

By topic:

| tag | what it is about | notes |
|---|---|---:|
| `small::dates` | when | 1 |
| `small::bodies` | who | 1 |

## To study a part of it

Search in *Browse*. Then suspend the other notes, or make a filtered deck of those that you found:

| search | what it finds | notes |
|---|---|---:|
| `tag:small::prelims` | asked | 1 |

## To import it

Open the file with Anki, AnkiDroid or AnkiMobile, and leave the options as they are: update notes and note types \
*if newer*, no learning progress, no deck presets, no merging of note types.

## What can still change (1)

Nothing after May 2026 is in this version. Check these in the news before the exam. Each was still true
at the date given:

- On which day was the Treaty signed? (as of May 2026)

"""
    )


def test_the_release_notes_say_that_new_cards_come_in_another_order(tmp_path: Path) -> None:
    release(tmp_path, SECOND, "2026.06.01", JUNE)
    path = {"deck.yaml": f"{FIRST['deck.yaml']!s}path: [seat]\n"}
    release(tmp_path, {**SECOND, **path}, "2026.07.01", JUNE + 30 * 86400)
    text = (tmp_path / "dist" / "small-2026-07-01.md").read_text("utf-8")
    assert "\nNew cards come in another order now. This does not move the cards that you have already.\n" in text
    release(tmp_path, {**FOURTH, **path}, "2026.08.01", JUNE + 61 * 86400)
    assert "another order" not in (tmp_path / "dist" / "small-2026-08-01.md").read_text("utf-8")
