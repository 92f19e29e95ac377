"""The way in: `csto-anki` and `python -m csto_anki`; alone knows of signals and of missing terminals."""

import gc
import io
import signal
import sys
from types import FrameType


def main() -> None:
    """Run the command line; an interruption, at whatever moment, ends in one line and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Cyrillic gets escapes, not a crash. (A closed stream is None.)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # A run is short and leaves no cycles worth collecting: without looking for them 10,000 facts are built in three
    # quarters of the time. `watch`, which runs for days, looks by itself.
    gc.disable()
    caught: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        if not caught:  # once is enough: what then cleans up must come to its end
            caught.append(number)
            # Inside the import machinery Python swallows it with a traceback; the end is told below all the same.
            sys.unraisablehook = lambda _: None
            raise KeyboardInterrupt

    # A polite kill and a closed terminal clean up as Ctrl-C does, unless they are ignored, as by nohup.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)
    try:
        from csto_anki.cli import run

        sys.exit(run())
    except MemoryError:
        sys.exit("csto-anki: the memory of this machine is not enough; nothing is half-written")
    except BaseException:
        if caught:  # in the middle of an import or a zip it may come out as another exception
            sys.exit("csto-anki: interrupted; nothing is half-written")
        raise


if __name__ == "__main__":
    main()
