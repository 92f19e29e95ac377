"""The entry point of `csto-anki` and `python -m csto_anki`: encodings, signals, and how a run ends."""

import gc
import io
import signal
import sys
from types import FrameType


def main() -> None:
    """Run the command line and exit. An interruption at any moment ends in one line and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        # Print escapes for characters that the terminal cannot show, such as Cyrillic, instead of crashing. A closed
        # stream is None.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # A run is short and leaves few reference cycles. Without the garbage collector, a build of 10,000 facts takes a
    # quarter less time. `watch` runs for days and enables it again.
    gc.disable()
    caught: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        if not caught:  # ignore further signals while the first one makes everything clean up
            caught.append(number)
            # Inside the import machinery Python drops the exception raised here and prints a traceback. This prevents
            # the traceback; `main` still ends below.
            sys.unraisablehook = lambda _: None
            raise KeyboardInterrupt

    # SIGTERM and a closed terminal clean up as Ctrl-C does, unless they are ignored, as under nohup.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)
    try:
        from csto_anki.cli.main import run

        code = run()
        gc.freeze()  # otherwise Python looks for reference cycles at exit, which takes a twentieth of a build
        sys.exit(code)
    except MemoryError:
        sys.exit("csto-anki: this machine has not enough memory; nothing is half-written")
    except BaseException:
        if caught:  # in an import or in zipfile, the interruption can come out as another exception
            sys.exit("csto-anki: interrupted; nothing is half-written")
        raise


if __name__ == "__main__":
    main()
