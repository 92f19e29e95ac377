"""The way in: `csto-anki` and `python -m csto_anki`; alone knows what to do before the command line is there."""

import io
import signal
import sys


def main() -> None:
    """Run the command line; an interruption, at whatever moment, ends in one line and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Cyrillic gets escapes, not a crash. (A closed stream is None.)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # A polite kill cleans up like Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from csto_anki.cli import run

        sys.exit(run())
    except KeyboardInterrupt:
        sys.exit("csto-anki: interrupted; nothing was written")


if __name__ == "__main__":
    main()
