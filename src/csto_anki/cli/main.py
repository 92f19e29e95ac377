"""The command line: the group of all commands, and the exit code.

To start fast, the module of a command is imported only when the command is called, and most other modules are imported
inside its function.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
from collections.abc import Iterator, Mapping

import click

from csto_anki import __version__

# Each command: its module in this package, and its summary, so that `csto-anki --help` need not import the module.
COMMANDS = {
    "build": ("build", "Build the deck as an Anki package."),
    "check": ("check", "Report every problem in the card files."),
    "diff": ("release", "Show what changed between two versions."),
    "init": ("authoring", "Create a new deck in FOLDER."),
    "inspect": ("inspect", "Show what a package is, without Anki."),
    "preview": ("authoring", "Build a website: cards, mock paper, plan."),
    "release": ("release", "Release the deck for learners."),
    "schema": ("authoring", "Write the files that are generated from code and cards."),
    "show": ("cards", "Print cards as a learner reads them."),
    "stats": ("cards", "Print statistics of the deck."),
    "translate": ("authoring", "Begin an edition, or mark translations as up to date."),
    "verify": ("inspect", "Import a package into the real Anki, as a test."),
    "watch": ("authoring", "Check and build again after every save."),
}


class _Commands(Mapping[str, click.Command]):
    """All commands by name. The module of a command is imported when the command is looked up."""

    def __getitem__(self, name: str) -> click.Command:
        module, _ = COMMANDS[name]
        command: click.Command = getattr(importlib.import_module(f"csto_anki.cli.{module}"), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Group(click.Group):
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands with whole summaries; click would import all modules and cut long summaries."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=_Group, commands=_Commands(), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="csto-anki")
@click.pass_context
def cli(context: click.Context) -> None:
    """Build an Anki deck from a folder of YAML facts."""
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False


def run() -> int:
    """Run the command line and return its exit code: 0 success, 1 problems found, 2 usage error."""
    try:
        return int(cli.main(prog_name="csto-anki", standalone_mode=False) or 0)
    except click.ClickException as error:
        from csto_anki.cli.terminal import as_typed
        from csto_anki.deck.problem import printable

        error.show(shown := io.StringIO())
        for line in shown.getvalue().removesuffix("\n").split("\n"):
            click.echo(as_typed(printable(line)), err=True)  # an argument can contain terminal control characters
        return error.exit_code
    except ImportError as error:
        if error.name != "yaml._yaml":  # deck/parser.py raises that one
            raise
        from csto_anki.cli.terminal import inform, install_command

        again = install_command("--force-reinstall --only-binary PyYAML PyYAML")
        inform(False, f"csto-anki: {error.msg}; replace it: {again}")
        return 1
    except click.Abort:
        raise KeyboardInterrupt from None
    except OSError as error:
        _report(error)
        return 1


def _report(error: OSError) -> None:
    """Print an error that no command has caught. If standard output is full, say so; if it was closed, say nothing.

    What is left in the buffer of standard output is then thrown away, so that Python does not try to write it again at
    exit.
    """
    from csto_anki.deck.problem import printable

    where = error.filename or ""
    if not where and _comes_from_printing(error):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return
        where = "cannot print"
    text = f"{where}: {error.strerror or error}" if where else str(error.strerror or error)
    with contextlib.suppress(OSError):
        click.echo(printable(f"csto-anki: {text}"), err=True)


def _comes_from_printing(error: OSError) -> bool:
    """Whether click raised an error, which prints everything here and opens no file."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return trace is not None and str(trace.tb_frame.f_globals.get("__name__")).startswith("click.")
