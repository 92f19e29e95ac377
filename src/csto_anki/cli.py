"""The commands, each as thin as it can be.

The work's modules are imported inside the commands: `--help` must not wait for genanki and YAML.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import gc
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from csto_anki import __version__, console

if TYPE_CHECKING:
    from csto_anki.diff import Contents
    from csto_anki.examine import Report
    from csto_anki.facts import Deck
    from csto_anki.release import Project, Released

CARDS = click.option(
    "--cards",
    type=click.Path(path_type=Path, readable=False),
    help="The deck's folder.  [default: ./cards, or the cards that came with the tool]",
)
SITE = click.option(
    "--output",
    type=click.Path(path_type=Path, readable=False),
    default=Path("preview"),
    show_default=True,
    help="The folder of the site.",
)
TODAY = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Work as if on this day.  [default: the day now, in UTC]",
)

QUIET = click.option("--quiet", "-q", is_flag=True, help="Say nothing but problems and the result.")


def _ids(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """For the shell: the ids that begin so."""
    from csto_anki import read

    deck, _ = read.read(console.folder(context.params.get("cards")))
    return [fact.id for fact in deck.facts if fact.id.startswith(incomplete)] if deck else []


def _codes(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """For the shell: the codes that begin so."""
    from csto_anki import explain

    return [code for code in explain.explanations() if code.startswith(incomplete)]


def run() -> int:
    """Run the command line and return its exit code: 0 done, 1 problems found, 2 wrong usage."""
    try:
        return int(cli.main(prog_name="csto-anki", standalone_mode=False) or 0)
    except click.ClickException as error:
        from csto_anki.facts import printable

        error.show(said := io.StringIO())
        for line in said.getvalue().removesuffix("\n").split("\n"):
            click.echo(printable(line), err=True)  # an argument can hold what commands a terminal
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except OSError as error:
        # The commands report their own files: this is standard output, full or closed. What is left in its buffer
        # must not be tried again at the end.
        with contextlib.suppress(OSError, AttributeError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if not isinstance(error, BrokenPipeError):
                what = f"{error.filename}:" if error.filename else "cannot print:"
                click.echo(f"csto-anki: {what} {error.strerror}", err=True)
        return 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="csto-anki")
@click.pass_context
def cli(context: click.Context) -> None:
    """Build an Anki deck from a folder of YAML facts."""
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False


@cli.command()
@CARDS
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="For people, for programs, as annotations of a pull request, for code scanners.",
)
@click.option("--select", metavar="CODE", multiple=True, shell_complete=_codes, help="Only this code; again for more.")
@click.option("--ignore", metavar="CODE", multiple=True, shell_complete=_codes, help="Not this code; again for more.")
@click.option("--strict", is_flag=True, help="End with 1 for warnings, too.")
@click.option("--explain", metavar="CODE", shell_complete=_codes, help="Print a rule with its examples, or `all`.")
@TODAY
@QUIET
def check(
    cards: Path | None,
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    explain: str | None,
    today: datetime.datetime | None,
    quiet: bool,
) -> None:
    """Report every problem in the card files and write nothing.

    Each problem is told on standard output: path:line:column: id: what is wrong; the way out [code]. An error must be
    mended. A warning, such as a fact that is due to be confirmed again, can be wrong, and then be accepted in the
    entry: accept: {code: reason}.

    Example: csto-anki check --explain a-question-stands-alone
    """
    if explain is not None:
        _explain(explain)
        return
    chosen = [console.known_code(code) for code in select], [console.known_code(code) for code in ignore]
    deck, _, _, problems = console.find(console.folder(cards), console.day(today))
    shown = [each for each in problems if (not select or each.code in chosen[0]) and each.code not in chosen[1]]
    console.report(shown, form, err=False)
    errors = sum(not problem.warning for problem in shown)
    warnings = len(shown) - errors
    left_out = len(problems) - len(shown)
    hidden = f"; {console.number(left_out, 'problem')} not shown" if left_out else ""
    if not deck and not errors:  # what is hidden has kept the rules from running, so nothing is known to be right
        click.echo(f"csto-anki: the rules across facts did not run{hidden}; mend these first", err=True)
        raise click.exceptions.Exit(1)
    if errors or (strict and warnings):
        also = f", {console.number(warnings, 'warning')}" if warnings else ""
        click.echo(f"csto-anki: {console.number(errors, 'problem')}{also}{hidden}; nothing was written", err=True)
        raise click.exceptions.Exit(1)
    counts = f"{console.counts(deck)}: " if deck else ""
    console.tell(quiet, f"{counts}{console.verdict(shown)}{hidden}")


@cli.command()
@CARDS
@click.option(
    "--output",
    type=click.Path(path_type=Path, readable=False),
    help="The package to write.  [default: dist/NAME-VERSION.apkg]",
)
@click.option("--only", metavar="TAG", help="Leave out all notes without this tag, such as core.")
@TODAY
@QUIET
def build(
    cards: Path | None, output: Path | None, only: str | None, today: datetime.datetime | None, quiet: bool
) -> None:
    """Build the deck as an Anki package and print its path.

    A package that was there before is replaced only by a finished one. A part of the deck, by --only, has the deck's
    name and ids: whoever imports the whole later gets the rest.

    Example: csto-anki build --only core --output my-copy.apkg
    """
    if output and output.suffix != ".apkg":
        raise click.BadParameter("Anki opens only files whose name ends in .apkg", param_hint="'--output'")
    folder, day = console.folder(cards), console.day(today)
    deck, contents, released, warnings = console.read(folder, day)

    from csto_anki import apkg, fields

    if only is not None:
        _require_tag(only, contents)
    console.tell(quiet, console.summary(deck, folder, warnings))
    stamps = released.stamp(contents, day)
    name = "-".join(part for part in (deck.namespace, only, stamps.version) if part)
    path = output or console.own(Path("dist")) / f"{name}.apkg"
    if _is_as_released(path, released):
        console.tell(quiet, f"version {stamps.version}: {path} is there as it was released, and was left alone")
        click.echo(path)
        return
    pictures = fields.pictures(deck)
    del deck  # of 100,000 facts it is a third of the memory, and what is left to do needs the contents alone
    try:
        notes_written, cards_written = apkg.write(contents, pictures, stamps, path, only)
    except OSError as error:
        why = f"{path.parent} is not a folder" if isinstance(error, FileExistsError) else error.strerror or error
        console.stop(f"cannot write {path}: {why}; any package that was there is as it was")
    new = sum(id not in released.notes for id in stamps.fresh)
    news = f"{new} new, {len(stamps.fresh) - new} changed since {released.last}"
    if not released.last:
        news = "nothing is released yet, so over an earlier build this one replaces every note"
    written = f"{notes_written} of {len(contents.notes)} notes (tag {only})" if only else f"{notes_written} notes"
    console.tell(quiet, f"version {stamps.version}: {written}, {cards_written} cards; {news}")
    click.echo(path)


@cli.command()
@click.option("--cards", type=click.Path(path_type=Path, readable=False), help="The deck's folder.  [default: ./cards]")
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day of the facts, which becomes the version.  [default: the day now, in UTC]",
)
@click.option("--dry-run", is_flag=True, help="Make everything, print the release notes, and leave no trace.")
@QUIET
def release(cards: Path | None, date: datetime.datetime | None, dry_run: bool, quiet: bool) -> None:
    """Release the deck: packages, checksums, release notes, changelog and record, all or nothing.

    Prints the paths of the packages. What has once been released never changes: look at `csto-anki diff` and at a dry
    run before. A release that was killed in the middle is finished by running this again.

    Example: csto-anki release --dry-run
    """
    from csto_anki import publish, together
    from csto_anki import release as record

    folder = cards or Path("cards")
    where = record.project(folder)
    if together.unfinished(console.own(where.dist)):
        _finish(where, dry_run)
        return
    now, day = console.now(), console.day(date)
    try:
        before = publish.digests(where)
        deck, contents, released, warnings = console.read(folder, day, releasing=True)
        if refusals := list(publish.refusals(where, deck, contents, released, day, now)):
            console.stop(*(f"cannot release: {refusal}" for refusal in refusals))
        console.tell(quiet, console.summary(deck, folder, warnings, all_rules=True))
        version, time = released.next_version(day), int(now.timestamp())
        if dry_run:
            click.echo(publish.rehearse(where, deck, contents, released, version, time), nl=False)
            console.tell(quiet, f"{version}: this was a dry run; nothing was written")
            return
        paths = publish.publish(where, before, deck, contents, released, version, time)
    except together.Clash as clash:
        console.stop(f"cannot release: {clash}")
    except OSError as error:
        way_out = "nothing was changed"
        if together.unfinished(where.dist):
            way_out = "mend that and run csto-anki release again, which will finish it"
        why = "not a folder" if isinstance(error, FileExistsError) else error.strerror or error
        console.stop(f"cannot release: {error.filename or where.dist}: {why}; {way_out}")
    console.tell(
        quiet, f"{version} is released; commit {folder.as_posix()}, dist, and the texts that changed beside them"
    )
    for path in paths:
        click.echo(path)


@cli.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@CARDS
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
def diff(old: str | None, new: str | None, cards: Path | None, form: str) -> None:
    """Tell what differs between OLD and NEW: new, changed in fact, corrected in wording, retired.

    Each is a version, a package or a folder of cards. Without NEW it is the cards as they are, and without OLD the last
    release.

    Example: csto-anki diff 2026.11.24 dist/mine.apkg --format markdown
    """
    from csto_anki import diff as differences
    from csto_anki import tell

    folder = console.folder(cards)
    sides = [_side(old, folder), _side(folder.as_posix() if new is None else new, folder)]
    if any(not from_cards for _, _, from_cards in sides):  # packages do not tell what was reworded
        sides = [(name, differences.without(contents, "Reworded"), False) for name, contents, _ in sides]
    (old_name, old_contents, _), (new_name, new_contents, _) = sides
    found = differences.compare(old_name, old_contents, new_name, new_contents)
    if form == "json":
        click.echo(tell.as_json(found))
    elif form == "markdown":
        click.echo(f"{found.old} → {found.new}: {tell.summary(found)}")
        click.echo("\n".join(tell.as_markdown(found)))
    else:
        click.echo("\n".join(tell.as_text(found, _marked)))


@cli.command()
@CARDS
@SITE
@click.option("--open", "open_it", is_flag=True, help="Open the page in the browser.")
@TODAY
@QUIET
def preview(cards: Path | None, output: Path, open_it: bool, today: datetime.datetime | None, quiet: bool) -> None:
    """Write a site of all cards, both sides, as Anki shows them, and print the path of its page.

    It works from its folder, offline, and from any web host: to leaf through, to search, to print a sheet to revise
    from. A site that was there before is replaced as a whole. It needs the extra `preview`, for Anki renders the cards.

    Example: csto-anki preview --open
    """
    write = _site()
    if write is None:
        console.stop(f"preview needs Anki's own renderer; install it: {_install('anki>=26.9,<27')}")
    if output == Path("preview"):
        console.own(output)
    folder, day = console.folder(cards), console.day(today)
    deck, contents, released, warnings = console.read(folder, day)
    console.tell(quiet, console.summary(deck, folder, warnings))
    stamps = released.stamp(contents, day)
    try:
        count = write(deck, contents, stamps, output)
    except OSError as error:
        where = error.filename or output
        console.stop(f"cannot write {where}: {error.strerror or error}; any page that was there is as it was")
    console.tell(quiet, f"version {stamps.version}: {count} cards")
    page = output / "index.html"
    click.echo(page)
    if open_it:
        click.launch(str(page))


@cli.command()
@click.argument("words", nargs=-1, required=True, metavar="ID|WORDS...", shell_complete=_ids)
@CARDS
def show(words: tuple[str, ...], cards: Path | None) -> None:
    """Print cards as a learner reads them: that of an id, or all that hold all of the words.

    Words are looked for in ids, texts, tags and sources, whatever the size of their letters.

    Example: csto-anki show tashkent 1992
    """
    from csto_anki import near, read
    from csto_anki import show as terminal

    deck, problems = read.read(console.folder(cards))
    if deck is None:
        console.report_and_stop(problems)
    looks: dict[str, dict[str, Any]] = {"small": {"dim": True}, "question": {"bold": True}, "answer": {"fg": "green"}}
    found = terminal.find(deck, words)
    if not found:
        meant = near.closest("-".join(words), [fact.id for fact in deck.facts])
        console.stop(f"no card holds {' '.join(words)!r}" + (f"; did you mean {meant}?" if meant else ""))
    for number, fact in enumerate(found):
        if number:
            click.echo()
        for line in terminal.card(deck, fact, lambda part, text: click.style(text, **looks.get(part, {}))):
            click.echo(line)


@cli.command()
@CARDS
@TODAY
def stats(cards: Path | None, today: datetime.datetime | None) -> None:
    """Print the deck in figures: by kind, priority and tag, sources, what falls due when, the longest answers.

    Example: csto-anki stats --today 2027-06-01
    """
    from csto_anki import read
    from csto_anki import show as terminal

    deck, problems = read.read(console.folder(cards))
    if deck is None:
        console.report_and_stop(problems)
    click.echo("\n".join(terminal.figures(deck, console.day(today))))


@cli.command()
@CARDS
@click.option("--check", "only_check", is_flag=True, help="Write nothing; end with 1 where a file is not up to date.")
def schema(cards: Path | None, only_check: bool) -> None:
    """Write the schemas by which editors complete and explain the keys, tags and sources of the deck.

    They lie in the folder `schema` beside the card files, which name them in their first lines. To be run again when
    tags or sources are new.

    Example: csto-anki schema --check
    """
    from csto_anki import read

    folder = console.folder(cards)
    deck, problems = read.read(folder)
    if deck is None:
        console.report_and_stop(problems)
    try:
        stale = _write_schemas(deck, folder, only_check)
    except OSError as error:
        console.stop(f"cannot write {error.filename or folder / 'schema'}: {error.strerror}")
    for path in stale:
        click.echo(path)
    if only_check and stale:
        console.stop("these are not up to date; run csto-anki schema")


@cli.command()
@CARDS
@SITE
def watch(cards: Path | None, output: Path) -> None:
    """Check, build and write the page of all cards again each time that a card file is saved; Ctrl-C ends it.

    What is wrong is told, and the last good package and page stay. Reload the page in the browser to see the new one;
    it is written where the extra `preview` is installed. It needs the extra `watch`.

    Example: csto-anki watch
    """
    try:
        from csto_anki.watch import changes
    except ModuleNotFoundError as error:
        if error.name != "watchfiles":
            raise
        console.stop(f"watch needs a file watcher; install it: {_install('watchfiles>=1.1,<2')}")
    folder = console.folder(cards)
    if not folder.is_dir():
        console.stop(f"{folder}: there is no such folder; name a deck's folder with --cards")
    built: Path | None = None
    gc.enable()
    for _ in changes(folder):
        built = _again(folder, output, built)
        click.echo(f"csto-anki: {console.now():%H:%M:%S} UTC; watching {folder.as_posix()}, Ctrl-C ends it", err=True)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@CARDS
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def inspect(file: Path, cards: Path | None, form: str) -> None:
    """Tell what a package is, without Anki: its deck, version, counts and checksum, and what is wrong with it.

    It is compared with the record of releases in the deck's folder: whether it is a release, and if not, what differs.
    It ends with 1 where anything is wrong, such as a package that says it is a release and is not, or that holds what
    could act. Packages of others can be told, too.

    Example: csto-anki inspect dist/csto-2026.11.24.1.apkg
    """
    from csto_anki import examine

    released, now = console.record(cards), int(console.now().timestamp())
    _tell_of(file, form, "inspect", lambda: examine.examine(file, released, now))


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--against",
    "older",
    type=click.Path(path_type=Path, readable=False),
    metavar="OLD.apkg",
    help="Tell what an update from this package would do to a learner, card by card.",
)
@CARDS
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def verify(file: Path, older: Path | None, cards: Path | None, form: str) -> None:
    """Import a package into a throw-away collection of the real Anki, and tell whether all of it arrives and is sound.

    With --against, a learner has the older package, has studied every card and written into every note: what stays,
    what is replaced, what is new. It ends with 1 where anything is wrong. It needs the extra `preview`, for it is Anki
    that judges.

    Example: csto-anki verify dist/csto-2026.11.24.1.apkg --against dist/csto-2026.11.24.apkg
    """
    try:
        from csto_anki import verify as real
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "anki":
            raise
        console.stop(f"verify needs Anki itself; install it: {_install('anki>=26.9,<27')}")
    released, now = console.record(cards), int(console.now().timestamp())
    _tell_of(file, form, "verify", lambda: real.verify(file, older, released, now))


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path, readable=False))
@click.option("--title", help="The deck's name in Anki.  [default: the folder's name in capitals]")
def init(folder: Path, title: str | None) -> None:
    """Begin a deck of your own in a new FOLDER: a small one that builds, with names and numbers that no other has.

    The folder's name becomes the root of its ids, tags and file names. Its facts are examples to be replaced.

    Example: csto-anki init quad --title "QUAD for UPSC"
    """
    from csto_anki.start import begin

    name = folder.absolute().name
    try:
        begin(folder, title or name.upper(), name)
    except ValueError as error:
        console.stop(f"cannot begin a deck named {title or name!r} in {folder}: {error}")
    except OSError as error:
        in_the_way = isinstance(error, (FileExistsError, NotADirectoryError)) and error.errno
        console.stop(f"cannot make {folder}: {'a file is in its path' if in_the_way else error.strerror}")
    click.echo(folder)
    click.echo(f"csto-anki: now: cd {folder}, and there csto-anki build", err=True)


def _tell_of(file: Path, form: str, verb: str, find: Callable[[], Report]) -> None:
    """Tell what is found in a package, or why nothing can be."""
    from csto_anki import files

    try:
        found = find()
    except files.Refused as error:
        console.stop(f"cannot {verb} {file}: {error}")
    except OSError as error:
        console.stop(f"cannot {verb} {error.filename or file}: {error.strerror or error}")
    console.findings(found.facts, found.differs, found.wrong, form)


def _require_tag(only: str, contents: Contents) -> None:
    from csto_anki import fields

    known = {tag for note in contents.notes.values() for tag in fields.tags(note)}
    if only not in known:
        what = f"no fact carries {only!r}; name one of {', '.join(sorted(known))}"
        raise click.BadParameter(what, param_hint="'--only'")


def _is_as_released(path: Path, released: Released) -> bool:
    """Whether a released package lies there: a build by other libraries would give it other bytes."""
    from csto_anki import together

    recorded = released.packages.get(path.name)
    with contextlib.suppress(OSError):
        return recorded is not None and together.digest(path) == recorded
    return False


def _again(folder: Path, output: Path, built: Path | None) -> Path | None:
    """One round of `watch`: check, build, page, schemas, as far as the cards allow; returns the package there is."""
    from csto_anki import apkg, fields

    try:
        deck, contents, released, problems = console.find(folder, console.day(None))
        console.report(problems, "text", err=False)
        if deck is None or contents is None or released is None or not all(problem.warning for problem in problems):
            click.echo(f"csto-anki: {console.number(sum(not each.warning for each in problems), 'problem')}", err=True)
            return built
        stamps = released.stamp(contents, console.day(None))
        if ".dev-" in stamps.version:  # else the cards are as released, and so is the package
            path = Path("dist") / f"{deck.namespace}-{stamps.version}.apkg"
            apkg.write(contents, fields.pictures(deck), stamps, path)
            click.echo(path)
            if built and built != path:
                built.unlink(missing_ok=True)
            built = path
        if (folder / "schema").is_dir():
            _write_schemas(deck, folder)
        if write := _site():
            write(deck, contents, stamps, output)
            click.echo(output / "index.html")
    except OSError as error:
        click.echo(f"csto-anki: {error.filename or folder}: {error.strerror or error}", err=True)
    return built


def _write_schemas(deck: Deck, folder: Path, only_check: bool = False) -> list[Path]:
    """Bring the schemas up to date; returns those that were not. Raises OSError."""
    from csto_anki import files, together
    from csto_anki import schema as editors

    stale = []
    if not files.is_inside(folder / editors.FOLDER, folder):
        raise OSError(errno.EPERM, "a link that leads out of its folder", str(folder / editors.FOLDER))
    for name, text in editors.schemas(deck).items():
        path = folder / editors.FOLDER / name
        if together.digest(path) != together.digest_of(text):
            stale.append(path)
            if not only_check:
                path.parent.mkdir(exist_ok=True)
                together.write(path, text)
    return stale


def _site() -> Callable[..., int] | None:
    """What writes the page of all cards; None where Anki, which renders them, is not installed."""
    try:
        from csto_anki import preview as site
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "anki":
            raise
        return None
    return site.write


def _install(requirement: str) -> str:
    return f'python -m pip install "{requirement}"'


def _side(name: str | None, folder: Path) -> tuple[str, Contents, bool]:
    """One side of a comparison, with its name and whether it knows all that cards know; None is the last release."""
    from csto_anki import fields, read
    from csto_anki import release as record

    if name is not None and Path(name).is_dir():
        deck, problems = read.read(Path(name))
        if deck is None:
            console.report_and_stop(problems)
        return name, fields.contents(deck), True
    if name is None or record.VERSION.fullmatch(name):
        released, problems = record.load(folder / "released.json")
        if released is None:
            console.report_and_stop(problems)
        if name in (None, released.last):
            return released.last or "nothing released", released.contents(), True
        if name not in released.releases:
            raise click.BadParameter(f"{name} is no release; known are: {', '.join(released.releases) or 'none'}")
        path = record.project(folder).dist / f"{released.settings['namespace']}-{name}.apkg"
    elif name.endswith(".apkg"):
        path = Path(name)
    else:
        raise click.BadParameter(f"{name!r} is neither a version, nor a package (.apkg), nor a folder of cards")
    from csto_anki import files, package

    try:
        return name, package.contents(package.load(path)), False
    except files.Refused as error:
        console.stop(f"cannot read {path}: {error}")


def _marked(kind: str, text: str) -> str:
    """Old and new words, visible with and without colours."""
    return click.style(f"[-{text}-]", fg="red") if kind == "-" else click.style(f"{{+{text}+}}", fg="green")


def _finish(where: Project, dry_run: bool) -> None:
    """Finish a release that was killed after it was decided."""
    from csto_anki import together

    if dry_run:
        console.stop("a release was interrupted; run csto-anki release without --dry-run to finish it")
    try:
        together.finish(where.dist, (where.record, where.changelog, where.readme))
    except together.Clash as clash:
        console.stop(f"cannot finish the interrupted release: {clash}")
    except OSError as error:
        console.stop(
            f"cannot finish the interrupted release: {error.filename}: {error.strerror}; mend that and run it again"
        )
    click.echo("csto-anki: the interrupted release is finished; nothing else was done", err=True)


def _explain(code: str) -> None:
    from csto_anki import explain

    if code != "all":
        click.echo("\n".join(explain.explain(console.known_code(code))))
        return
    click.echo("\n\n".join("## " + "\n".join(explain.explain(each)) for each in explain.explanations()))
