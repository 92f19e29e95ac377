"""A problem in a card file, and the place of a value in its file."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

ERROR, WARNING = "error", "warning"

MAX_SCANNED_KEYS = 200  # of an entry; one with more keys has an index, because to scan them would take too long
MAX_PRINTED = 500  # characters of a line that reports a problem


@dataclass(frozen=True, order=True)
class Place:
    """A place in a file: lines and columns count from 1, columns in characters.

    `end` is the line and column after the last character, where they are known.
    """

    path: str
    line: int = 1
    column: int = 1
    end: tuple[int, int] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Places(Mapping[str, Place]):
    """The places of the values of an entry, by keys such as `reverse.question` and `tags.0`.

    A Place is only made when it is asked for, which is rare: the Places of 100,000 facts would take 400 MB. `numbers`
    has four numbers for each key: line and column of its start and of its end. They count from 0, and -1 is an unknown
    end. If only a part of the file was parsed, lines count from that part, which has `above` lines above it.
    """

    __slots__ = ("_above", "_index", "_keys", "_numbers", "_path")

    def __init__(self, path: str, keys: tuple[str, ...], numbers: Sequence[int], above: int = 0) -> None:
        self._path = path
        self._keys = _SHARED_KEYS.setdefault(keys, keys)
        self._numbers = array("i", numbers)
        self._above = above
        self._index: dict[str, int] | None = None

    def __getitem__(self, key: str) -> Place:
        if len(self._keys) > MAX_SCANNED_KEYS:
            self._index = self._index or {each: number for number, each in enumerate(self._keys)}
            return self._place(self._index[key])
        try:
            return self._place(self._keys.index(key))
        except ValueError:
            raise KeyError(key) from None

    def _place(self, number: int) -> Place:
        line, column, end_line, end_column = self._numbers[4 * number : 4 * number + 4]
        stop = (self._above + end_line + 1, end_column + 1) if end_line >= 0 else None
        return Place(self._path, self._above + line + 1, column + 1, stop)

    def all(self) -> dict[str, Place]:
        """Every place by its key."""
        return {key: self._place(number) for number, key in enumerate(self._keys)}

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


# Most entries have the same keys as others and share one tuple of them.
_SHARED_KEYS: dict[tuple[str, ...], tuple[str, ...]] = {}


@dataclass(frozen=True, order=True)
class Problem:
    """A problem that an author must fix: its place, its entry's id (if any), a message and a hint.

    A problem of severity WARNING does not stop a build. `code` names the rule that found it, and `other` the entry that
    this one was compared with, if any.
    """

    place: Place
    id: str
    message: str
    hint: str
    severity: str = ERROR
    code: str = field(default="", compare=False)
    other: str = field(default="", compare=False)

    @property
    def is_error(self) -> bool:
        return self.severity == ERROR

    @property
    def message_with_id(self) -> str:
        """The message, after the id of its entry if there is one."""
        return f"{self.id}: {self.message}" if self.id else self.message

    @property
    def sentence(self) -> str:
        """The message and the hint as one sentence, after the id of its entry if there is one."""
        return f"{self.message_with_id}; {self.hint}"

    def __str__(self) -> str:
        severity = "" if self.is_error else f"{self.severity}: "
        return printable(f"{self.place}: {severity}{self.sentence}")


def printable(text: str) -> str:
    """A text as one line without commands for a terminal; the middle of a long text is left out."""
    if len(text) > MAX_PRINTED:
        text = f"{text[: MAX_PRINTED - 100]} ... {text[-95:]}"
    return escaped(text)


def escaped(text: str) -> str:
    """A text of any length as one line without commands for a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
