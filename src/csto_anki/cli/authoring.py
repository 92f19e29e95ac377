"""The commands for authors: `schema`, `init`, `preview` and `watch`."""

from __future__ import annotations

import datetime
import gc
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from csto_anki.cli import options, pipeline, terminal
from csto_anki.cli.options import CARDS, LANGUAGE, OWN_CARDS, PATH, QUIET, SITE_OUTPUT, TODAY

if TYPE_CHECKING:
    from csto_anki.authoring.pages import Command

SITE_LIBRARIES = ("anki", "jinja2")  # what the website needs


@click.command()
@OWN_CARDS
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 if a file is stale.")
@click.pass_context
def schema(context: click.Context, cards: Path | None, only_check: bool) -> None:
    """Write the files that are generated from code and cards.

    It writes the schemas for editors. In the folder docs beside the deck, it updates rules.md, keys.md and commands.md
    if they exist and were generated. Run it when tags, sources, keys, rules or commands have changed.

    Example: csto-anki schema --check
    """
    from csto_anki.authoring.generated import update

    folder = options.own_cards_folder(cards)
    deck = pipeline.require_deck(folder)
    try:
        stale = update(deck, folder, commands_page(cast(click.Group, context.find_root().command)), only_check)
    except OSError as error:
        terminal.stop(f"cannot write {error.filename or folder / 'schema'}: {error.strerror}")
    for path in stale:
        terminal.result(path)
    if only_check and stale:
        terminal.stop("these are not up to date; run csto-anki schema")


def commands_page(group: click.Group) -> str:
    """docs/commands.md, made from the help texts in the code, so it does not depend on how click prints them."""
    from csto_anki.authoring import pages

    return pages.commands_page([_described(name, command) for name, command in sorted(group.commands.items())])


def _described(name: str, command: click.Command) -> Command:
    from csto_anki.authoring.pages import Command, Option

    arguments, command_options = [], []
    for each in command.params:
        if isinstance(each, click.Option):
            names = sorted(each.opts, key=len, reverse=True)
            command_options.append(Option(tuple(names), _value(each), _help(each)))
        else:
            value = each.metavar or str(each.name).upper()
            arguments.append(value if each.required else f"[{value}]")
    return Command(name, command.help or "", tuple(arguments), tuple(command_options))


def _value(option: click.Option) -> str:
    """What follows an option on the command line; empty for a flag."""
    if isinstance(option.type, click.Choice):
        return "|".join(option.type.choices)
    return option.metavar or ""


def _help(option: click.Option) -> str:
    """The help of an option and its default as one sentence."""
    text, _, default = (option.help or "").partition("  [default: ")
    default = str(option.default) if option.show_default else default.rstrip("]")
    return f"{text.rstrip('.')} (default: {default})." if default else text


@click.command()
@click.argument("folder", type=PATH)
@click.option("--title", metavar="TITLE", help="The deck's name in Anki.  [default: the namespace in capitals]")
@click.option(
    "--namespace",
    metavar="NAME",
    help="The first part of the deck's tags and file names, in kebab-case.  [default: the folder's name]",
)
def init(folder: Path, title: str | None, namespace: str | None) -> None:
    """Create a new deck in FOLDER.

    You can build the new deck as it is; its facts are examples to replace.

    Example: csto-anki init quad --title "QUAD for UPSC"
    """
    from csto_anki.authoring.new_deck import create, origin
    from csto_anki.deck.values import KEBAB_CASE

    title = title.strip() if title is not None else None
    if title == "":
        raise click.BadParameter("give the deck a name", param_hint="'--title'")
    name = namespace or folder.absolute().name
    if not re.fullmatch(KEBAB_CASE, name):
        option = "--namespace" if namespace else "the folder"
        reason = "tags and file names begin with it, so it must be in kebab-case (a-z, 0-9 and single hyphens)"
        meant = "-".join(re.findall("[a-z0-9]+", name.lower())) or "my-deck"
        hint = "give" if namespace else "name the folder so, or give"
        terminal.stop(f"cannot create {folder}: {option} is named {name!r}; {reason}; {hint} --namespace {meant}")
    try:
        create(folder, title or name.upper(), name)
    except ValueError as error:
        terminal.stop(f"cannot create a deck named {title or name!r} in {folder}: {error}")
    except OSError as error:
        in_the_way = isinstance(error, (FileExistsError, NotADirectoryError)) and error.errno
        terminal.stop(f"cannot create {folder}: {'a part of the path is a file' if in_the_way else error.strerror}")
    terminal.result(folder)
    for line in _what_is_next(folder, origin()):
        terminal.inform(False, line)


def _what_is_next(folder: Path, source: str) -> Iterator[str]:
    """The lines that set up a new deck with a csto-anki of its own, from this source."""
    python, scripts = ("py", ".venv\\Scripts\\") if sys.platform == "win32" else ("python3", ".venv/bin/")
    yield "csto-anki: set it up and build it with the lines below; then go on in its README.md"
    yield f"  cd {terminal.shell_quoted(str(folder))}"
    yield f"  {python} -m venv .venv"
    yield f"  {scripts}python -m pip install --quiet {terminal.shell_quoted(source)}"
    yield f"  {scripts}csto-anki build"
    if Path(source).exists():  # a folder or a file of this machine
        yield "csto-anki: before others use the deck, say in requirements.txt where they get csto-anki"


@click.command()
@click.argument("ids", nargs=-1, metavar="ID...")
@OWN_CARDS
@click.option("--language", metavar="CODE", help="The language of the edition, such as hi.")
@click.option(
    "--words",
    is_flag=True,
    help="Print csto-anki's own words (in this language, if it has them), to translate as words.yaml.",
)
@QUIET
def translate(ids: tuple[str, ...], cards: Path | None, language: str | None, words: bool, quiet: bool) -> None:
    """Begin an edition, or mark translations as up to date.

    An edition is the deck in another language; the first call makes its folder. Later calls mark translations as up
    to date with their originals: those with these ids; without ids, the new ones.

    Example: csto-anki translate --language hi cst-signing-place
    """
    from csto_anki.authoring.translate import mark_as_translated
    from csto_anki.deck.edition import is_edition
    from csto_anki.language.english import ENGLISH
    from csto_anki.language.known import known, template

    if words:
        click.echo(template(known(language or "en") or ENGLISH))
        return
    if not language:
        raise click.UsageError("name the edition with --language")
    original = options.own_cards_folder(cards)
    options.require_language(language)
    folder = original / language
    try:
        if not is_edition(folder):
            _begin_edition(original, folder, ids, quiet)
            return
        deck = pipeline.require_deck(folder)
        options.require_ids(ids, [fact.id for fact in deck.facts])
        done = mark_as_translated(deck, ids)
        for id in done:
            terminal.result(Path(id))
        if not done:
            terminal.inform(quiet, "csto-anki: no translation is new")
    except ValueError as error:
        terminal.stop(str(error))
    except OSError as error:
        terminal.stop(f"cannot write {error.filename or folder}: {error.strerror or error}")


def _begin_edition(original: Path, folder: Path, ids: tuple[str, ...], quiet: bool) -> None:
    from csto_anki.authoring.translate import begin
    from csto_anki.deck.edition import fault_of_language, is_edition

    if ids:
        raise click.UsageError(
            f"there is no edition in {folder.name!r} with translations; leave out the ids to begin one"
        )
    if is_edition(original):
        raise click.UsageError(f"{original.as_posix()} is an edition itself; name the original deck with --cards")
    deck = pipeline.require_deck(original)
    if fault := fault_of_language(folder.name, deck):
        raise click.BadParameter("; ".join(fault), param_hint="'--language'")
    for path in begin(deck, folder):
        terminal.result(path)
    what = "translate these files, then cards, in files with the names of theirs"
    terminal.inform(quiet, f"csto-anki: a new edition in {folder.name!r}: {what}")


@click.command()
@CARDS
@LANGUAGE
@SITE_OUTPUT
@click.option("--open", "open_it", is_flag=True, help="Open the page in the browser.")
@TODAY
@QUIET
def preview(
    cards: Path | None,
    language: str | None,
    output: Path | None,
    open_it: bool,
    today: datetime.datetime | None,
    quiet: bool,
) -> None:
    """Build a website: cards, mock paper, plan.

    It shows both sides of each card as Anki shows them, with a search. It also has a mock paper of the practice
    questions, a plan until the exam, a sheet for revision to print, and the sources. It works offline and on any web
    host. An older website is replaced as a whole. It needs the extra `preview`.

    Example: csto-anki preview --open
    """
    terminal.require_libraries("preview", *SITE_LIBRARIES)

    from csto_anki.history.stamps import stamp
    from csto_anki.preview import site

    output = output or options.output_folder("-".join(filter(None, ("preview", language))), cards)
    folder, day = options.cards_folder(cards, language), options.day(today)
    deck, contents, released, warnings = pipeline.require_sound(folder, day)
    pipeline.show_warnings(deck, folder, warnings, quiet)
    stamps = stamp(released, contents, day)
    pipeline.warn_if_ahead(stamps, released, day)
    try:
        count = site.write(deck, contents, stamps, output)
    except OSError as error:
        hint = "an older page is unchanged"
        if output.is_mount() or output.absolute() == Path.cwd():  # which cannot be renamed
            hint = f"it cannot be replaced as a whole; name a folder in it, such as {output / 'preview'}"
        terminal.stop(f"cannot write {error.filename or output}: {error.strerror or error}; {hint}")
    terminal.inform(quiet, f"version {stamps.version}: {count} cards")
    page = output / "index.html"
    terminal.result(page)
    if open_it:
        click.launch(str(page))


@click.command()
@OWN_CARDS
@SITE_OUTPUT
def watch(cards: Path | None, output: Path | None) -> None:
    """Check and build again after every save.

    It also writes the website, if the extra `preview` is installed; reload the page to see the new one. While anything
    is wrong, the last good package and page stay. Ctrl-C ends it. It needs the extra `watch`.

    Example: csto-anki watch
    """
    terminal.require_libraries("watch", "watchfiles")

    from csto_anki.authoring.watch import changes

    folder, dist = options.own_cards_folder(cards), options.output_folder("dist", cards)
    output = output or options.output_folder("preview", cards)
    if not folder.is_dir():
        terminal.stop(f"{folder}: there is no such folder; name a deck's folder with --cards")
    if needed := terminal.missing(*SITE_LIBRARIES):
        terminal.inform(False, f"csto-anki: no website is written, because it needs {needed}")
    gc.enable()  # `main` has disabled it, because most runs are short
    for _ in changes(folder):
        _check_and_write(folder, output, dist)
        watching = f"watching {folder.as_posix()}, Ctrl-C ends it"
        terminal.inform(False, f"csto-anki: {options.now():%H:%M:%S} UTC; {watching}")


def _check_and_write(folder: Path, output: Path, dist: Path) -> None:
    """Check the cards and, if they have no error, write the package into `dist` and the website into `output`."""
    from csto_anki.apkg import writer
    from csto_anki.authoring.generated import update
    from csto_anki.history.stamps import stamp
    from csto_anki.note.contents import pictures
    from csto_anki.release.project import remove_development

    try:
        deck, contents, released, problems = pipeline.check_folder(folder, options.day(None))
        terminal.report(problems)
        errors = sum(problem.is_error for problem in problems)
        if deck is None or contents is None or released is None or errors:
            terminal.inform(False, f"csto-anki: {terminal.count(errors, 'error')}")
            return
        stamps = stamp(released, contents, options.day(None))
        if stamps.is_development:  # otherwise the cards are as released, and their package exists
            path = dist / released.package_name(deck.file_name, stamps.version)
            writer.write(contents, pictures(deck), stamps, path)
            remove_development(dist, contents, deck.file_name, stamps.version)
            terminal.result(path)
        if (folder / "schema").is_dir():
            update(deck, folder)
        if not terminal.missing(*SITE_LIBRARIES):
            from csto_anki.preview import site

            site.write(deck, contents, stamps, output)
            terminal.result(output / "index.html")
    except OSError as error:
        terminal.inform(False, f"csto-anki: {error.filename or folder}: {error.strerror or error}")
