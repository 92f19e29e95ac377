"""A power cut at any moment leaves the old files or the new ones, each whole: never an empty file, never a mixture."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from csto_anki.release import transaction
from csto_anki.release.project import project_of
from support.power import cut_at_every_moment, put
from support.releases import FIRST, JUNE, README, SECOND, release, tree
from support.small_deck import write_deck

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to see what is synced")


def released_once(folder: Path) -> Path:
    """A project with one release and cards for the next."""
    project = folder / "project"
    project.mkdir()
    (project / "README.md").write_text(README)
    release(project, FIRST, "2026.06.01", JUNE)
    (project / "kept.json").unlink()
    record = (project / "cards" / "released.json").read_bytes()
    write_deck(project / "cards", dict(SECOND))
    (project / "cards" / "released.json").write_bytes(record)
    return project


def after_the_cut(project: Path) -> dict[str, str]:
    """The files of a project, after the next run has finished what was interrupted."""
    where = project_of(project / "cards")
    if transaction.is_unfinished(where.dist):
        transaction.finish(where.dist, (where.record, where.changelog, where.readme))
    return tree(project)


def states_of_a_release(folder: Path, with_syncs: bool) -> tuple[list[str], int, list[str]]:
    """The moments at which a cut leaves neither the old nor the new files, the number of moments, and the syncs."""
    project = released_once(folder)
    before = tree(project)
    states, syncs = cut_at_every_moment(project, ["release", "--quiet"], with_syncs)
    after = tree(project)
    assert len(after) - len(before) == 4
    bad = []
    for number, (moment, state) in enumerate(states):
        copy = put(folder / str(number), state)
        try:
            found = after_the_cut(copy)
        except (transaction.Clash, OSError) as error:
            bad.append(f"{moment}: {error}")
        else:
            if found not in (before, after):
                bad.append(moment)
        shutil.rmtree(copy)
    return bad, len(states), syncs


def test_a_release_and_a_power_cut(tmp_path: Path) -> None:
    bad, count, syncs = states_of_a_release(tmp_path, with_syncs=True)
    assert bad == []
    assert count > 30
    # Two packages, each with its folder; then the eight files of the release and its plan, the folder with them, the
    # commit, the three folders of the targets, and the end of the plan.
    assert len(syncs) == 4 + 9 + 1 + 1 + 3 + 1
    assert len({path.rpartition("/")[2] for path in syncs[4:13]}) == 9
    assert syncs[14] == "dist"
    assert sorted(syncs[15:18]) == [".", "cards", "dist"]
    assert syncs[18] == "dist"


def test_without_syncs_a_power_cut_leaves_empty_files(tmp_path: Path) -> None:
    """The model can fail: so it was before the tool synced."""
    bad, _, _ = states_of_a_release(tmp_path, with_syncs=False)
    assert len(bad) > 10


@pytest.mark.parametrize("with_syncs", [True, False])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_build_and_a_power_cut(with_syncs: bool, is_new: bool, tmp_path: Path) -> None:
    project = tmp_path / "project"
    write_deck(project / "cards", dict(FIRST))
    output = project / "out" / "deck.apkg"
    if not is_new:
        output.parent.mkdir()
        output.write_bytes(b"an older package")
    states, syncs = cut_at_every_moment(project, ["build", "--quiet", "--output", "out/deck.apkg"], with_syncs)
    allowed = {b"an older package", output.read_bytes()} | ({None} if is_new else set())
    found = {state.get("out/deck.apkg") for _, state in states}
    last = {state.get("out/deck.apkg") for moment, state in states if moment.endswith("the end")}
    assert (found <= allowed) == with_syncs
    assert (last == {output.read_bytes()}) == with_syncs
    if with_syncs:
        assert [path for path in syncs if not path.startswith("out/.")] == [*(["."] if is_new else []), "out"]
        assert len(syncs) == (3 if is_new else 2)


def test_what_replaces_a_file_has_its_rights(tmp_path: Path) -> None:
    """Also under a mask that takes all rights from the group: a shared folder stays shared."""
    project = released_once(tmp_path)
    shared = [project / "CHANGELOG.md", project / "README.md", project / "cards" / "released.json"]
    for path in shared:
        path.chmod(0o664)
    mask = os.umask(0o077)
    try:
        cut_at_every_moment(project, ["release", "--quiet"])
        cut_at_every_moment(project, ["build", "--quiet", "--output", "out.apkg"])
        (project / "out.apkg").chmod(0o640)
        cut_at_every_moment(project, ["build", "--quiet", "--output", "out.apkg"])
    finally:
        os.umask(mask)
    assert [oct(path.stat().st_mode)[-3:] for path in [*shared, project / "out.apkg"]] == ["664"] * 3 + ["640"]
