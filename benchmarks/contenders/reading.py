"""The time that csto-anki needs only to read the folder of a deck, with places and all problems."""

import gc
import sys
from pathlib import Path

from csto_anki.deck.reader import read

gc.disable()  # as the command does
deck, problems = read(Path(sys.argv[1]))
sys.exit(deck is None)
