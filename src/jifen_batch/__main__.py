"""`python -m jifen_batch`, and the `jifen-batch` command."""

import gc
import signal

# Python looks for circles of objects after so many new ones: every 700 cost one part in twenty of a run.
# What is imported from here on makes a hundred thousand, all of which stay.
OBJECTS_BETWEEN_LOOKS = 250_000
gc.set_threshold(OBJECTS_BETWEEN_LOOKS)
# Until signals are heeded one just ends the process: Python would print where it was.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from jifen_batch.cli.program import program  # noqa: E402 - the rule holds for what this imports


def main() -> None:
    """Run the command that the command line names, and exit with its code."""
    program.watch()


if __name__ == "__main__":
    main()
