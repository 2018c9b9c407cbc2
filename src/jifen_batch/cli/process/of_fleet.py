"""A county's run as a process of its fleet, which it does not outlive: nobody else would tell how it ended.

`PARENT WORDS…`: the number of the fleet's process, and what is asked of `jifen-batch`.
"""

from __future__ import annotations

import runpy
import sys

from jifen_batch import own_process

if __name__ == "__main__":
    own_process.end_with(int(sys.argv.pop(1)))
    runpy.run_module("jifen_batch", run_name="__main__", alter_sys=True)
