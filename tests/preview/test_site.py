"""The folder that `preview` writes: its pages, and what is replaced; tests/system has the pages in a browser."""

from __future__ import annotations

import base64
import datetime
import errno
import hashlib
import re
from pathlib import Path

import pytest

from csto_anki.apkg.anki import Card
from csto_anki.history.record import Released
from csto_anki.history.stamps import stamp
from csto_anki.note.contents import contents
from csto_anki.preview import pages
from csto_anki.preview import site as site_of
from support.commands import PIP, preview, run_without
from support.releases import JUNE, release
from support.small_deck import FILES, SVG, picture, read_deck, write_deck


def test_every_text_is_escaped_and_the_sides_are_not(tmp_path: Path) -> None:
    """Texts of the deck are data; what Anki made of the cards is HTML already."""
    settings = FILES["deck.yaml"].replace("title: Small", "title: 5 < 6 & more").replace(": when", ": <b>when</b>")
    sources = FILES["sources.yaml"].replace("title: Charter", 'title: The "<Charter>"')
    dates = FILES["dates.yaml"].replace("was the Treaty", "was the <i> & Treaty") + picture("map.svg", alt='A "map"')
    files = {"deck.yaml": settings, "sources.yaml": sources, "dates.yaml": dates, "media/map.svg": SVG.format("map")}
    result = preview(tmp_path / "site", "--cards", str(write_deck(tmp_path / "cards", {**files})))
    assert result.returncode == 0, result.stderr
    index, list_of_sources = ((tmp_path / "site" / f"{name}.html").read_text("utf-8") for name in ("index", "sources"))
    assert '<h1 lang="en">5 &lt; 6 &amp; more</h1>' in index
    assert "dates: &lt;b&gt;when&lt;/b&gt;</option>" in index
    assert "On which day was the &lt;i&gt; &amp; Treaty signed?</a>" in index
    assert re.search(r'<template><div class="front" lang="en">', index)
    assert re.search(r'<img src="pictures/small-map-[0-9a-f]{10}\.svg" alt="A &quot;map&quot;">', index)
    assert "&lt;div" not in index
    assert "The &#34;&lt;Charter&gt;&#34;</a> (7 October 2002)" in list_of_sources


def test_the_policy_of_each_page_names_its_own_styles_and_scripts(tmp_path: Path) -> None:
    assert preview(tmp_path / "site", "--cards", str(write_deck(tmp_path / "cards"))).returncode == 0
    for name, count in (("index", 4), ("plan", 4), ("sheet", 4), ("sources", 3)):
        page = (tmp_path / "site" / f"{name}.html").read_text("utf-8")
        parts = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", page, re.DOTALL)
        hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in parts]
        (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
        assert re.findall(r"'sha256-([^']*)'", policy) == hashes
        assert len(hashes) == count
        assert policy.startswith("default-src 'none'; ")


def test_retired_facts_are_on_no_page(tmp_path: Path) -> None:
    """Neither their cards, nor the sources and pictures of only these, nor their changes under what is new."""
    sources = FILES["sources.yaml"] + FILES["sources.yaml"].replace("charter", "other").replace("Charter", "Other")
    dates = FILES["dates.yaml"].replace("[charter]", "[other]") + picture("map.svg")
    files: dict[str, str | bytes | None] = {
        "sources.yaml": sources,
        "dates.yaml": dates,
        "media/map.svg": SVG.format("a"),
    }
    release(tmp_path, files, "2026.06.01", JUNE)
    site = tmp_path / "site"
    assert preview(site, "--cards", str(tmp_path / "cards")).returncode == 0
    index, listed = ((site / f"{name}.html").read_text("utf-8") for name in ("index", "sources"))
    assert re.findall('<li id="([^"]*)"', index) == ["treaty-signed", "highest-body", "highest-body:reverse"]
    assert re.findall('<li id="([^"]*)"', listed) == ["charter", "other"]
    assert len(list((site / "pictures").iterdir())) == 1
    kept = (tmp_path / "cards" / "released.json").read_bytes()
    files |= {"dates.yaml": f"{dates}  retired: {{why: See the other., replaced_by: highest-body}}\n"}
    write_deck(tmp_path / "cards", {**files, "released.json": kept})
    result = preview(site, "--cards", str(tmp_path / "cards"))
    assert result.returncode == 0, result.stderr
    assert result.stderr.endswith(": 2 cards\n")
    index, listed = ((site / f"{name}.html").read_text("utf-8") for name in ("index", "sources"))
    assert "treaty-signed" not in index + listed
    assert re.findall('<li id="([^"]*)"', index) == ["highest-body", "highest-body:reverse"]
    assert re.findall('<li id="([^"]*)"', listed) == ["charter"]
    assert "Nothing is new or changed since the last release." in index
    assert 'value="news::' not in index
    assert list((site / "pictures").iterdir()) == []


def test_one_starts_with_the_first_level_that_has_cards(tmp_path: Path) -> None:
    settings = FILES["deck.yaml"] + "priorities: {core: first, rest: then}\n"
    bodies = f"{FILES['bodies.yaml'].rstrip()}\n  tags: [rest]\n"
    dates = FILES["dates.yaml"].replace("[prelims]", "[rest, prelims]")
    deck = read_deck(tmp_path, {"deck.yaml": settings, "dates.yaml": dates, "bodies.yaml": bodies})
    found = contents(deck)
    stamps = stamp(Released({}, None, {}, None), found, datetime.date(2026, 12, 1))
    cards = [Card(id, 0, "Front", "Back") for id in found.notes]
    index = pages.render(pages.Site(deck, found, stamps, cards, "small.apkg"))["index.html"]
    assert 'data-levels="rest">Start</button>' in index
    assert '<div id="_first" class="card">Front</div>' in index


def test_a_site_is_replaced_as_a_whole(tmp_path: Path) -> None:
    cards = write_deck(tmp_path / "cards")
    site = tmp_path / "site"
    assert preview(site, "--cards", str(cards)).returncode == 0
    write_deck(cards, {"dates.yaml": FILES["dates.yaml"] + "  detail: Corrected.\n"})
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(site)
    for name in ("site", "site/../site", "link", "empty"):
        assert preview(tmp_path / name, "--cards", str(cards), "--quiet").returncode == 0
        assert "Corrected." in (tmp_path / name / "index.html").read_text("utf-8")
        assert len([*(tmp_path / name).glob("*.apkg")]) == 1
    assert (tmp_path / "link").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cards", "empty", "link", "site"]


def test_nothing_is_removed_that_preview_did_not_make(tmp_path: Path) -> None:
    cards = write_deck(tmp_path / "cards")
    site = tmp_path / "site"
    assert preview(site, "--cards", str(cards)).returncode == 0
    own_page = tmp_path / "own" / "index.html"
    copies = tmp_path / "copies" / "small-2026-06-01.apkg"
    for mine in (copies, tmp_path / "letters" / "dear.txt", site / "CNAME", site / "pictures" / "me.png", own_page):
        mine.parent.mkdir(exist_ok=True)
        mine.write_text("mine")
        for taken in (mine.parent if mine.parent.name != "pictures" else site, mine):
            result = preview(taken, "--cards", str(cards))
            assert (result.returncode, result.stdout) == (1, "")
            assert result.stderr.splitlines()[-1] == (
                f"csto-anki: cannot write {mine}: it is not part of this deck's website and would be deleted; move it "
                "away, or name another folder with --output; an older page is unchanged"
            )
            assert mine.read_text() == "mine"
        mine.unlink()


def test_a_deck_without_levels_exams_and_practice(tmp_path: Path) -> None:
    """Each page is there, and says nothing of what the deck does not have."""
    assert preview(tmp_path / "site", "--cards", str(write_deck(tmp_path / "cards"))).returncode == 0
    index, plan, sheet, sources = (
        (tmp_path / "site" / f"{name}.html").read_text("utf-8") for name in ("index", "plan", "sheet", "sources")
    )
    assert not (tmp_path / "site" / "mock.html").exists()
    assert "mock.html" not in index + plan + sheet + sources
    assert 'data-levels="">Start</button>' in index
    assert '<th scope="row">all</th><td>3</td>' in plan
    assert '"_exam"' not in plan
    assert '"_level"' not in sheet
    assert "All publishers <small>1</small>" in sources
    assert "<p>1 source. Each names" in sources


@pytest.mark.parametrize("moment", [1, 2])
def test_interrupted_between_two_folders_the_old_site_comes_back(
    moment: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, target = tmp_path / "new", tmp_path / "site"
    for folder in (new, target):
        folder.mkdir()
        (folder / "index.html").write_text(folder.name)
    renames: list[Path] = []
    original = Path.replace

    def rename(self: Path, to: Path) -> None:
        original(self, to)
        renames.append(to)
        if len(renames) == moment:
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", rename)
    with pytest.raises(KeyboardInterrupt):
        site_of._replace(new, target)
    assert (target / "index.html").read_text() == ("site" if moment == 1 else "new")
    assert not (tmp_path / "new-old").exists()


def test_the_same_cards_give_the_same_pages(tmp_path: Path) -> None:
    cards = write_deck(tmp_path / "cards")
    for name in ("one", "two"):
        assert preview(tmp_path / name, "--cards", str(cards)).returncode == 0
    one, two = (
        {p.relative_to(tmp_path / n): p.read_bytes() for p in (tmp_path / n).rglob("*") if p.is_file()}
        for n in ("one", "two")
    )
    assert one == two


@pytest.mark.parametrize(
    ("libraries", "message"),
    [
        (("anki",), f'Anki itself; install it: {PIP} "anki>=26.9,<27"'),
        (("jinja2",), f'the template library Jinja; install it: {PIP} "jinja2>=3.1,<4"'),
        (
            ("anki", "jinja2"),
            f'Anki itself and the template library Jinja; install them: {PIP} "anki>=26.9,<27" "jinja2>=3.1,<4"',
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_without_its_libraries_a_line_says_how_to_install_them(
    libraries: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    write_deck(tmp_path / "cards")
    result = run_without(libraries, tmp_path, "preview")
    assert (result.returncode, result.stdout, result.stderr) == (1, "", f"csto-anki: preview needs {message}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["cards"]


def test_a_folder_that_cannot_be_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a mounted disk: a folder in it works, and is named."""
    write_deck(tmp_path / "cards")
    (tmp_path / "disk").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "is_mount", lambda path: path.name == "disk")
    replace = Path.replace

    def fail(path: Path, target: Path) -> Path:
        if path.name == "disk":
            raise OSError(errno.EBUSY, "Device or resource busy", "disk")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fail)
    result = preview(Path("disk"))
    assert (result.returncode, result.stderr.splitlines()[-1]) == (
        1,
        "csto-anki: cannot write disk: Device or resource busy; it cannot be replaced as a whole; name a folder in it, "
        f"such as {Path('disk/preview')}",
    )
    assert preview(Path("disk/preview")).returncode == 0
