"""The command itself, that ends or stands still at a file operation: `command_child.py AT HOW WORDS...`."""

from __future__ import annotations

import sys

from faults import scenes, seam
from faults.child import ending
from jifen_batch.__main__ import main

if __name__ == "__main__":
    number, manner, *words = sys.argv[1:]
    sys.argv = ["jifen-batch", *words]
    with seam.watched(scenes.real().operations, ending(int(number), manner)):
        main()
