"""What is said of an input without refusing it, in log and manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from structlog.typing import FilteringBoundLogger

    from jifen_batch.sentence import Sentence

# What the log calls files that are not read, and what may be wrong in those that are.
PASSED_OVER, MAY_BE_WRONG = "passed over", "may be wrong"


@dataclass(frozen=True)
class InputRemark:
    """That a file, or a folder whole, is not read, or what may be wrong in one that is, and why.

    `name` is the file's, or where it is of no file the input's.
    """

    role: str
    name: str
    why: Sentence

    def as_data(self) -> dict[str, object]:
        """As manifests have it: why in English, and as a sentence in both languages."""
        return {"role": self.role, "name": self.name, "why": self.why.en, "sentence": self.why._asdict()}


def tell(log: FilteringBoundLogger, event: str, remarks: Iterable[InputRemark]) -> None:
    """Tell the log what is said of inputs, a line each, as `PASSED_OVER` or `MAY_BE_WRONG`."""
    for one in remarks:
        log.warning(event, **vars(one))
