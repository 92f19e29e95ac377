"""The upgrade gate: import all released packages, and new releases made here, over each other in the real Anki.

`gate.py` is the learner and the judge; this module makes the packages. Each test runs in the newest Anki and in three
older ones, which `python tests/system/old_ankis.py` installs.
"""

from __future__ import annotations

import datetime
import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from csto_anki.apkg import reader, writer
from csto_anki.deck.model import Deck
from csto_anki.history.record import Released, load
from csto_anki.history.stamps import Stamps, stamp
from csto_anki.note.contents import RETIRED_TAG, Contents, Note
from csto_anki.note.contents import contents as contents_of
from support import ankis
from support.all_pictures import all_pictures
from support.updates import edited, usual_genanki

REPOSITORY = Path(__file__).parents[2]
DAY = 86400
JUNE = 1780304400  # 2026-06-01, 09:00 UTC
KEEPS_TIMES = {"25.02.7", ankis.NEWEST}

Step = dict[str, Any]


def judge(anki: str, life: Sequence[Step], folder: Path) -> Any:
    """What a learner with this Anki finds after importing one package after the other."""
    (folder / "life.json").write_text(json.dumps(life), "utf-8")
    return ankis.run(anki, Path(__file__).parent / "gate.py", folder / "life.json")


def step(
    package: Path, base: Path | None, stamps: Stamps, imported: int, tag: str | None = None, retired: Path | None = None
) -> Step:
    return {
        "package": str(package),
        "base": str(base) if base else None,
        "retired": str(retired) if retired else None,
        "released": stamps.time,
        "imported": imported,
        "changed_tag": tag,
    }


def write(record: Released, contents: Contents, output: Path, day: datetime.date | None = None) -> Stamps:
    stamps = stamp(record, contents, day)
    writer.write(contents, all_pictures(), stamps, output)
    return stamps


def guids(package: Path) -> set[str]:
    return {note.guid for note in reader.load(package).notes or ()}


def write_retired(record: Released, contents: Contents, output: Path) -> Path:
    """The package with the retired notes of the same release as the package `output`."""
    path = output.with_name(f"retired-{output.name}")
    writer.write(contents, all_pictures(), stamp(record, contents, None), path, RETIRED_TAG)
    return path


@pytest.fixture(scope="module")
def releases(curated: Deck, tmp_path_factory: pytest.TempPathFactory) -> list[Step]:
    """Three new releases, and between the first and the second a development build; the third has other looks.

    The learner imports the retired notes of the second release, too.
    """
    folder = tmp_path_factory.mktemp("releases")
    decks = [curated, edited(curated, 1), edited(edited(curated, 1), 2), edited(edited(edited(curated, 1), 2), 3)]
    first, half, second, third = (contents_of(deck) for deck in decks)
    third = third._replace(looks={**third.looks, "Styling": third.looks["Styling"] + "\n.card { color: black }"})
    record = Released({}, None, {}, None).after("2026.06.01", JUNE, first)
    one, between, two, three = (folder / f"{name}.apkg" for name in ("2026.06.01", "dev", "2026.07.01", "2026.08.01"))
    life = [step(one, None, write(record, first, one), JUNE + DAY)]
    stamps = write(record, half, between, datetime.date(2026, 6, 15))
    life.append(step(between, one, stamps, JUNE + 16 * DAY, "csto::changed::dev"))
    record = record.after("2026.07.01", JUNE + 30 * DAY, second)
    retired = write_retired(record, second, two)
    life.append(step(two, one, write(record, second, two), JUNE + 32 * DAY, "csto::changed::2026.07.01", retired))
    record = record.after("2026.08.01", JUNE + 61 * DAY, third)
    life.append(step(three, two, write(record, third, three), JUNE + 63 * DAY, "csto::changed::2026.08.01"))
    return life


def test_nothing_is_lost_between_releases(anki: str, releases: list[Step], tmp_path: Path) -> None:
    """The whole promise of docs/learners.md, with a development build in between."""
    found = judge(anki, releases, tmp_path)
    assert found["lost"] == []
    assert len(found["counts"]) == 3
    for counts in found["counts"]:
        assert all(number >= 2 for number in counts.values()), counts
    # Anki 24.11 and older give a corrected note the time of the import; the newer ones keep that of the release.
    assert found["differences"] == {"corrected notes get the time of the import": anki not in KEEPS_TIMES}


def test_the_released_packages_and_the_next(anki: str, curated: Deck, tmp_path: Path) -> None:
    """Import all whole decks in dist/, then a future release; and each core, then the last whole deck, then that."""
    record, problems = load(REPOSITORY / "cards" / "released.json")
    assert record is not None, problems
    assert record.last, "nothing is released"
    dist = shutil.copytree(REPOSITORY / "dist", tmp_path / "dist")
    whole = [dist / record.package_name("csto", version) for version in record.releases]
    times = [release.time for release in record.releases.values()]
    coming = contents_of(edited(curated, 1))
    after = record.after("2099.01.01", times[-1] + 40, coming)
    time.sleep(max(0, times[-1] + 60 - time.time()))  # the life takes a minute, if the release is that young
    stamps = write(after, coming, tmp_path / "coming.apkg")
    tags = [None, *(f"csto::changed::{version}" for version in list(record.releases)[1:])]
    life = []
    for path, base, moment, tag in zip(whole, [whole[0], *whole], times, tags, strict=False):
        times_and_tag = {"released": moment, "imported": moment + 10, "changed_tag": tag}
        life.append({"package": str(path), "base": str(base), "retired": None, **times_and_tag})
    retired = write_retired(after, coming, tmp_path / "coming.apkg")
    last = step(tmp_path / "coming.apkg", whole[-1], stamps, stamps.time + 20, f"csto::changed::{after.last}", retired)
    found = judge(anki, [*life, last], tmp_path)
    assert found["lost"] == []
    assert found["counts"][-1]["corrected"] >= 10
    for version, begun in zip(record.releases, life, strict=True):
        core = str(dist / record.package_name("csto", version, "core"))
        from_core = [{**begun, "package": core}, {**life[-1], "base": core, "changed_tag": None}, last]
        found = judge(anki, from_core, tmp_path)
        assert found["lost"] == []
        assert found["counts"][0]["new"] == len(guids(whole[-1]) - guids(Path(core)))


def test_importing_late_is_as_good_except_in_old_ankis(
    anki: str, releases: list[Step], curated: Deck, tmp_path: Path
) -> None:
    """Import the second release after the third is out, and then the third.

    An old Anki gives a corrected note the time of the import. So it takes the note of the second release for newer than
    the third release's correction, and keeps it. The correction arrives with the note's next change; docs/learners.md
    says so.
    """
    facts = [replace(fact, question=f"{fact.question} Please.") for fact in edited(curated, 1).facts]
    again = contents_of(replace(curated, facts=tuple(facts)))
    one, two = releases[0], {**releases[1], "base": releases[0]["package"]}
    second = contents_of(edited(curated, 1))
    record = Released({}, None, {}, None).after("2026.06.01", JUNE, contents_of(curated))
    record = record.after("2026.07.01", JUNE + 30 * DAY, second)
    two = step(
        tmp_path / "two.apkg", Path(one["package"]), write(record, second, tmp_path / "two.apkg"), JUNE + 70 * DAY
    )
    record = record.after("2026.08.01", JUNE + 61 * DAY, again)
    stamps = write(record, again, tmp_path / "three.apkg")
    three = step(tmp_path / "three.apkg", tmp_path / "two.apkg", stamps, JUNE + 71 * DAY)
    found = judge(anki, [one, two, three], tmp_path)
    if anki in KEEPS_TIMES:
        assert found["lost"] == []
    else:
        assert len(found["lost"]) >= 3
        assert all(line.endswith(": the correction did not arrive") for line in found["lost"])
        corrected_twice = {id for id, fresh in write(record, again, tmp_path / "x.apkg").marks.items() if fresh}
        assert {line.split(": ")[1] for line in found["lost"]} <= corrected_twice


def test_the_gate_can_fail(anki: str, curated: Deck, tmp_path: Path) -> None:
    """Packages as genanki makes them, with one timestamp for all, do not pass: they replace the learner's words."""
    life = []
    for number, contents in enumerate(map(contents_of, (curated, edited(curated, 1)))):
        stamps = Stamps("", JUNE + number * 30 * DAY, {}, 0, {}, {}, {})
        package = tmp_path / f"{number}.apkg"
        usual_genanki(contents, stamps, package)
        life.append(step(package, tmp_path / "0.apkg", stamps, stamps.time + DAY))
    found = judge(anki, life, tmp_path)
    replaced = [line for line in found["lost"] if line.endswith("the learner's words or tags were replaced")]
    assert len(replaced) == found["counts"][0]["kept with own words"] >= 40
    assert any(line.endswith("the learner's styling was replaced") for line in found["lost"])
    assert any(line.endswith("the new cards come in another order") for line in found["lost"])
    retired = sum(fact.retired is not None for fact in edited(curated, 1).facts)
    assert f"1.apkg: {retired} retired notes come to a newcomer" in found["lost"]


def test_the_gate_fails_for_a_package_with_retired_notes_and_nothing_else_wrong(
    anki: str, curated: Deck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = edited(curated, 1)
    contents = contents_of(deck)
    record = Released({}, None, {}, None).after("2026.06.01", JUNE, contents)
    retired = sum(fact.retired is not None for fact in deck.facts)
    for name, lost in (("good", []), ("bad", [f"bad.apkg: {retired} retired notes come to a newcomer"])):
        stamps = stamp(record, contents, None)
        if name == "bad":
            monkeypatch.setattr(Note, "is_retired", property(lambda _: False))
        writer.write(contents, all_pictures(), stamps, tmp_path / f"{name}.apkg")
        assert judge(anki, [step(tmp_path / f"{name}.apkg", None, stamps, JUNE + DAY)], tmp_path)["lost"] == lost
