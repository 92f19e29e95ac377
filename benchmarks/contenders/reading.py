"""What csto-anki needs to read a deck's folder, with places and all problems, and for nothing else."""

import gc
import sys
from pathlib import Path

from csto_anki import read

gc.disable()  # as the command does
deck, problems = read.read(Path(sys.argv[1]))
sys.exit(deck is None)
