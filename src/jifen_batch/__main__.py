"""`python -m jifen_batch`, and the `jifen-batch` command."""

from jifen_batch.cli.program import program


def main() -> None:
    """Run the command that the command line names, and exit with its code."""
    program.watch()


if __name__ == "__main__":
    main()
