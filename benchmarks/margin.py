"""Records the baseline of the short form: `python margin.py [RUNS]`, twenty if nothing is said.

The short form is run so many times; all ratios of all runs are kept in `baseline.json`, beside the machine,
and the limits follow from them (`ratios.limit`). To be done on a quiet machine, after a change that is
meant to move a ratio.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from statistics import median

import ratios
from machine import machine

RUNS = 20


def main(times: int) -> None:
    """Measure, tell, and write down."""
    runs: dict[str, list[float]] = {name: [] for name in ratios.WORSE}
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as folder:
        counties = ratios.make(Path(folder))
        for number in range(1, times + 1):
            measured = ratios.measure(counties)
            for name, value in measured.items():
                runs[name].append(round(value, 3))
            print(
                f"{number:3}",
                *(f"{name} {value:.2f}" for name, value in measured.items()),
                sep="  ",
                flush=True,
            )
            write(runs)
    for name, values in runs.items():
        spread = f"{min(values):.2f} to {max(values):.2f}"
        print(f"{name}: median {median(values):.2f} ({spread}), limit {ratios.limit(name, values):.2f}")


def write(runs: dict[str, list[float]]) -> None:
    """Keep the runs so far, so that an interrupted recording is a shorter one."""
    told = {"households": ratios.HOUSEHOLDS, "rounds": ratios.ROUNDS, "machine": machine(), "runs": runs}
    ratios.BASELINE.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
