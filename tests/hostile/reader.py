"""A process that reads what it is told to, and says what came of it: it may die, its caller may not.

A line of JSON in, `[role, path]`; one out: `read` with a digest of the rows, `refused` with the sentence,
or the name of an error that no reader should let out. Where it dies, the command would end with 3, if the
note then names the file.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from jifen_batch.inputs.safety import reading_now

# What a read may take of a processor; other work on the machine may stretch it.
SECONDS_MAX, WALL_SECONDS_MAX = 20, 120
DIED, HUNG = "died", "hung"


class Reader:
    """Such a process, started again when it has died."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.note = reading_now.new_note()
        self.process: subprocess.Popen[str] | None = None

    def read(self, role: str, path: Path) -> tuple[str, str]:
        """What came of reading a file, and the digest or the sentence."""
        process = self.process
        if process is None or process.poll() is not None:
            process = self.process = self._started()
        began = _cpu_seconds(process.pid)
        watch = threading.Timer(WALL_SECONDS_MAX, process.kill)
        watch.start()
        process.stdin.write(json.dumps([role, str(path)]) + "\n")
        process.stdin.flush()
        said = process.stdout.readline()
        watch.cancel()
        if said:
            outcome, about = json.loads(said)
            return (outcome if _cpu_seconds(process.pid) - began < SECONDS_MAX else HUNG), about
        process.communicate()
        blamed = reading_now.last(self.note)
        if blamed is None or blamed.files[0].path != path:
            return "died without a word", str(process.returncode)
        return (
            HUNG if process.returncode == -signal.SIGKILL else DIED
        ), f"{role}: {blamed.files[0].name}; died"

    def _started(self) -> subprocess.Popen[str]:
        """A process that is ready to read."""
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__)), str(self.note), str(self.folder)],
            pass_fds=[self.note],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        assert process.stdout.readline() == "ready\n"
        return process

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.communicate()
        os.close(self.note)


def _cpu_seconds(pid: int) -> float:
    """What a process has taken of a processor so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Answer line by line."""
    import polars as pl  # noqa: PLC0415 - for the process that reads

    sys.path.insert(0, str(Path(__file__).parents[1]))
    import event_rows  # noqa: PLC0415 - likewise
    from jifen_batch.errors import InputRefusedError  # noqa: PLC0415 - likewise
    from jifen_batch.inputs import find, mapping, redemptions, run_inputs, statement  # noqa: PLC0415 - likewise
    from jifen_batch.inputs.formats import workbook  # noqa: PLC0415 - likewise
    from jifen_batch.kernels.successions import RENAMING  # noqa: PLC0415 - likewise
    from sheet_reader import SheetReader  # noqa: PLC0415 - likewise

    known = statement.Known(frozenset(), frozenset())
    nobody = pl.DataFrame(schema={"village_id": pl.String, "town_id": pl.String})
    readings = {
        "events": event_rows.of_files,
        "households": lambda found: run_inputs.read_register(found, RENAMING.to_frame()).spells,
        "villages": lambda found: run_inputs.read_villages(found, nobody),
        "redemptions": redemptions.read_redemptions,
    }
    reading_now.tell_to(int(sys.argv[1]))
    workbook.subprocess = SheetReader(Path(sys.argv[2]))
    print("ready", flush=True)  # noqa: T201 - that is how it answers
    for line in sys.stdin:
        role, path = json.loads(line)
        try:
            if role == "statement":
                rows = statement.read(path, mapping.Mapping(), known).rows
            else:
                rows = readings[role](find.find(path, role).files)
            said = ["read", hashlib.sha256(rows.write_json().encode()).hexdigest()]
        except InputRefusedError as error:
            said = ["refused", str(error)]
        except BaseException as error:  # noqa: BLE001 - that is what is looked for
            said = [type(error).__name__, ""]
        print(json.dumps(said), flush=True)  # noqa: T201 - that is how it answers


if __name__ == "__main__":
    main()
