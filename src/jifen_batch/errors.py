"""What stops a run, and the exit code that it ends with (specification 5).

Only what stops the whole run is raised. A row that cannot be scored is a value: it becomes a row of
`rejects`. A message is one sentence: place, problem, remedy. It never quotes a cell of the input.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from jifen_batch.dataclass import dataclass
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.sentence import Sentence


class JifenError(Exception):
    """Anything that ends a command; carries the exit code, and figures for the log where there are any.

    It says what is wrong in English (`str`) and in Chinese (`zh`), which reads the same place and figures.
    """

    exit_code = ExitCode.INTERNAL

    def __init__(self, message: str, zh: str, **figures: object) -> None:
        """Keep the sentence in both languages, and the figures."""
        self.zh = zh
        self.figures = figures
        super().__init__(message)

    def __reduce__(self) -> tuple[object, ...]:
        """Handed over by another process as it is, but for what it came of: that may quote cells."""
        return _made_again, (type(self), str(self), self.zh, self.figures)

    @property
    def sentence(self) -> Sentence:
        """What it says, in both languages."""
        return Sentence(str(self), self.zh)


def _made_again(kind: type[JifenError], message: str, zh: str, figures: dict[str, object]) -> JifenError:
    """An error that another process made."""
    error = kind.__new__(kind)
    JifenError.__init__(error, message, zh, **figures)
    return error


class InvariantBrokenError(JifenError):
    """A law of specification 3.4 does not hold on this run's own result: a fault of the program."""


class InternalFaultError(JifenError):
    """A fault of the program in another process, which keeps to itself what may quote cells."""


class UsageRefusedError(JifenError):
    """An option or a configuration file is wrong."""

    exit_code = ExitCode.USAGE


class InputRefusedError(JifenError):
    """An input is missing, or cannot be read as the specification states."""

    exit_code = ExitCode.REFUSED


class DecisionNeededError(JifenError):
    """Breaks were found, or something is not announced before somebody has decided."""

    exit_code = ExitCode.DECISION


class LockedError(JifenError):
    """Another run holds the output folder."""

    exit_code = ExitCode.LOCKED


class TooManyRejectsError(JifenError):
    """More rows were rejected than `--max-reject-rate` allows; nothing is published."""

    exit_code = ExitCode.TOO_MANY_REJECTS


class DiskError(JifenError):
    """The disk or the file system failed; what was published stays as it was."""

    exit_code = ExitCode.DISK


class RoomError(JifenError):
    """The system gives this process too few threads or too little memory; no input is to blame."""

    exit_code = ExitCode.DISK


class WorkersLostError(JifenError):
    """Machines or processes that worked along are gone, or do not answer; nothing was published."""

    exit_code = ExitCode.DISK


class WorkersUnfitError(JifenError):
    """Machines that were to work along are not alike, or do not see the same files."""

    exit_code = ExitCode.USAGE


class LossError(JifenError):
    """What an earlier run or an announcement had is missing or taken back; nothing is published unasked."""

    exit_code = ExitCode.LOSS


def place_of(error: BaseException) -> str:
    """File and line, inside this package, where an error came up; never a path of the machine."""
    package = Path(__file__).parent
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(package):
            return f"{path.relative_to(package)}, line {frame.lineno}"
    return package.name


@dataclass(frozen=True)
class Complaint:
    """One thing wrong in a rule file: where it stands, what is wrong, what to write instead."""

    file: str
    line: int
    problem: Sentence
    remedy: Sentence

    @property
    def sentence(self) -> Sentence:
        """`file:line: problem; remedy`, one line, in both languages."""
        place = f"{self.file}:{self.line}"
        return Sentence(
            *(f"{place}: {said}; {mend}" for said, mend in zip(self.problem, self.remedy, strict=True))
        )

    def __lt__(self, other: Complaint) -> bool:
        """Whether it stands before another: by file, then line."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[str, int, Sentence, Sentence]:
        return self.file, self.line, self.problem, self.remedy


class RulesRefusedError(JifenError):
    """Rule files with complaints: all of them at once, in order of file and line."""

    exit_code = ExitCode.REFUSED
    about, about_zh = "the rule books", "细则"

    def __init__(self, complaints: list[Complaint]) -> None:
        """Keep the complaints sorted by file and line, each once."""
        self.complaints = sorted(dict.fromkeys(complaints))
        told = [complaint.sentence for complaint in self.complaints]
        super().__init__("\n".join(one.en for one in told), "\n".join(one.zh for one in told))


class MappingRefusedError(RulesRefusedError):
    """Likewise of a file that says how another system's columns and words are to be read."""

    about, about_zh = "the mapping file", "对照表"


class CountiesRefusedError(RulesRefusedError):
    """Likewise of the list of counties of a fleet."""

    about, about_zh = "the list of counties", "县清单"


class AcceptedRefusedError(RulesRefusedError):
    """Likewise of the register of accepted breaks."""

    about, about_zh = "the register of accepted breaks", "已认可差异登记册"
