"""Faults at every write: run a command in a child process in which the nth access to the disk fails, or is the last.

Accesses are: to open a file for writing, to write, to wait until it is on the disk, to execute a statement of SQLite,
to create, rename or remove a file or folder. So a test can put a full disk, a broken disk or a kill at each of these
moments, one after the other.
"""

from __future__ import annotations

import datetime
import errno
import io
import os
import pathlib
import random
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any, NamedTuple

from csto_anki.cli import options

NOW = datetime.datetime(2026, 7, 1, 9, tzinfo=datetime.timezone.utc)
MOVES = ("os.mkdir", "os.rename", "os.link", "os.truncate", "sqlite3.connect")
REMOVES = ("os.remove", "os.rmdir")
REAL_OPEN = io.open


class Fault(NamedTuple):
    """What happens at an access: an error once, an error from then on (as on a full disk), or a kill."""

    error: int = 0
    stays: bool = False
    kill: int = 0


FULL_ONCE = Fault(errno.ENOSPC)
FULL = Fault(errno.ENOSPC, stays=True)
BROKEN = Fault(errno.EIO)
KILLED = Fault(kill=getattr(signal, "SIGKILL", 9))


class Result(NamedTuple):
    """How a run ended: its exit code (negative: the signal), its output, and whether the fault came at all."""

    code: int
    output: str
    struck: bool


class _Disk:
    def __init__(self, at: int, fault: Fault, spared: str) -> None:
        self.at, self.fault, self.spared = at, fault, spared
        self.accesses = 0

    def access(self, error: type[Exception] = OSError, grows: bool = True) -> None:
        self.accesses += 1
        strikes = self.accesses == self.at or (self.fault.stays and self.accesses > self.at and grows)
        if not strikes:
            return
        if self.accesses == self.at:
            REAL_OPEN(self.spared, "w").close()
        if self.fault.kill:
            os.kill(os.getpid(), self.fault.kill)
        if error is sqlite3.OperationalError:
            raise error("database or disk is full")
        raise OSError(self.fault.error, os.strerror(self.fault.error))

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in MOVES or event in REMOVES:
            self.access(grows=event not in (*REMOVES, "os.rename"))  # these work on a full disk
        elif event == "open" and (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            self.access() if str(arguments[0]) not in (self.spared, os.devnull) else None


def _faulty(disk: _Disk) -> None:
    """Let all accesses of the tool pass through `disk`."""

    class Raw(io.FileIO):
        def write(self, data: Any) -> int:
            disk.access()
            return super().write(data)

    class Cursor(sqlite3.Cursor):
        def execute(self, *arguments: Any) -> Any:
            disk.access(sqlite3.OperationalError)
            return super().execute(*arguments)

        def executemany(self, *arguments: Any) -> Any:
            disk.access(sqlite3.OperationalError)
            return super().executemany(*arguments)

        def executescript(self, *arguments: Any) -> Any:
            disk.access(sqlite3.OperationalError)
            return super().executescript(*arguments)

    class Connection(sqlite3.Connection):
        def cursor(self, *_: Any) -> Any:
            return super().cursor(Cursor)

        def commit(self) -> None:
            disk.access(sqlite3.OperationalError)
            super().commit()

    def opened(
        file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, errors: Any = None, newline: Any = None
    ) -> Any:
        if not set(mode) & set("wax+"):
            return REAL_OPEN(file, mode, buffering, encoding, errors, newline)
        raw = Raw(file, mode.replace("b", "").replace("t", ""))
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding, errors, newline)

    fsync = os.fsync

    def synced(descriptor: int) -> None:
        disk.access()
        fsync(descriptor)

    os.fsync = synced  # type: ignore[assignment]
    connect = sqlite3.connect
    sqlite3.connect = lambda *arguments, **named: connect(*arguments, **{**named, "factory": Connection})
    io.open = opened  # type: ignore[assignment]
    pathlib.Path.open = lambda self, *arguments, **named: opened(self, *arguments, **named)  # type: ignore[method-assign]


def run(project: Path, arguments: list[str], at: int = 0, fault: Fault = FULL_ONCE) -> Result:
    """Run a command in a folder, with the fault at its access number `at`; without a fault if that is 0."""
    output, struck = project.parent / "output.txt", project.parent / "struck"
    struck.unlink(missing_ok=True)
    child = os.fork()
    if not child:
        try:
            os.chdir(project)
            sys.stdout = sys.stderr = REAL_OPEN(output, "w", encoding="utf-8")
            sys.dont_write_bytecode = True  # else the first run of a module has more accesses
            options.now = lambda: NOW
            random.SystemRandom.randrange = lambda *_: 0  # type: ignore[method-assign]  # the ids of a new deck
            sys.argv = ["csto-anki", *arguments]
            from csto_anki.__main__ import main

            disk = _Disk(at, fault, str(struck))
            _faulty(disk)
            sys.addaudithook(disk.audit)
            main()
        except SystemExit as end:
            sys.stdout.write("" if isinstance(end.code, int | None) else str(end.code))
            sys.stdout.flush()
            os._exit(int(bool(end.code)))
        except BaseException as error:
            sys.stdout.write(f"Traceback: {error!r}")
            sys.stdout.flush()
            os._exit(9)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return Result(code, output.read_text("utf-8"), struck.exists())
