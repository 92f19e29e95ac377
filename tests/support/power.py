"""What a power cut leaves: run a command in a child process on a file system that forgets what it was not told to keep.

A system keeps the contents of a file and the names in a folder in memory, and writes each when it likes. Only `fsync`
of a file or of a folder is sure. So after a cut there are two extremes, and both are made here for each moment:

    names first    all names are on the disk, and each file that was not synced is empty
    names late     each folder has the names that it had when it was last synced
"""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path
from typing import Any

from csto_anki import files
from csto_anki.cli import options
from support.faults import NOW

Tree = dict[str, bytes]  # the contents of each file by its path in the project


class _Thing:
    """A file or a folder as it is on the disk: what was last synced of it."""

    def __init__(self, content: bytes = b"", names: dict[str, _Thing] | None = None) -> None:
        self.content, self.names = content, names


class _Disk:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.things: dict[int, _Thing] = {}  # by inode
        self.states: list[tuple[str, Tree]] = []
        self.syncs: list[str] = []
        self.top = self._keep(root)
        self.is_on = True

    def _keep(self, path: Path) -> _Thing:
        """What is there before the run is on the disk."""
        if path.is_dir():
            thing = _Thing(names={each.name: self._keep(each) for each in path.iterdir()})
        else:
            thing = _Thing(path.read_bytes())
        self.things[path.stat().st_ino] = thing
        return thing

    def _thing(self, path: Path) -> _Thing:
        return self.things.setdefault(path.stat().st_ino, _Thing(names={} if path.is_dir() else None))

    def sync(self, path: Path) -> None:
        thing = self._thing(path)
        if thing.names is None:
            thing.content = path.read_bytes()
        else:
            thing.names = {each.name: self._thing(each) for each in path.iterdir()}
        self.syncs.append(path.relative_to(self.root).as_posix())

    def cut(self, event: str) -> None:
        """Keep what a cut at this moment would leave."""
        first = {path: self._thing(path).content for path in self.root.rglob("*") if path.is_file()}
        self.states.append(
            (f"names first, {event}", {p.relative_to(self.root).as_posix(): c for p, c in first.items()})
        )
        late: Tree = {}
        waiting = [("", self.top)]
        while waiting:
            at, folder = waiting.pop()
            for name, thing in (folder.names or {}).items():
                if thing.names is None:
                    late[at + name] = thing.content
                else:
                    waiting.append((f"{at}{name}/", thing))
        self.states.append((f"names late, {event}", late))

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on or event not in ("os.rename", "os.mkdir", "os.remove", "os.rmdir"):
            return
        self.is_on = False
        self.cut(f"{event} {arguments[0]}")
        gone, where = (arguments[1], arguments[3]) if event == "os.rename" else (arguments[0], arguments[-1])
        try:
            number = os.lstat(gone).st_ino if where in (-1, None) else os.stat(gone, dir_fd=where).st_ino
            if event != "os.mkdir":
                self.things.pop(number, None)  # the number can be given to another file
        except FileNotFoundError:
            pass
        self.is_on = True


def cut_at_every_moment(
    project: Path, arguments: list[str], with_syncs: bool = True
) -> tuple[list[tuple[str, Tree]], list[str]]:
    """The states that power cuts leave of a project in which a command runs, and the paths that were synced, in order.

    Without syncs, the states are those of a tool that does not sync.
    """
    result = project.parent / "states"
    child = os.fork()
    if not child:
        code = 9
        try:
            os.chdir(project)
            sys.dont_write_bytecode = True
            options.now = lambda: NOW
            sys.argv = ["csto-anki", *arguments]
            from csto_anki.__main__ import main

            disk = _Disk(project)
            fsync = os.fsync

            def synced(descriptor: int) -> None:
                fsync(descriptor)
                if with_syncs:
                    disk.sync(Path(f"/proc/self/fd/{descriptor}").readlink())

            os.fsync = synced  # type: ignore[assignment]
            sys.addaudithook(disk.audit)
            main()
        except SystemExit as end:
            code = int(bool(end.code))
            disk.cut("the end")
            result.write_bytes(pickle.dumps((disk.states, disk.syncs)))
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    found: tuple[list[tuple[str, Tree]], list[str]] = pickle.loads(result.read_bytes())  # noqa: S301  # written above
    return found


def put(folder: Path, tree: Tree) -> Path:
    """Write a state to a folder."""
    for path, content in tree.items():
        files.make_folder((folder / path).parent)
        (folder / path).write_bytes(content)
    return folder
