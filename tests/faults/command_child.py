"""The command itself, that ends or stands still at a file operation: `command_child.py AT HOW WORDS...`."""

from __future__ import annotations

import sys

from faults import scenes, seam
from faults.child import ending
from jifen_batch.cli.program import program

if __name__ == "__main__":
    number, manner, *words = sys.argv[1:]
    # Without the process that watches: what works on files is this one.
    with seam.watched(scenes.real().operations, ending(int(number), manner)):
        program.main(words)
