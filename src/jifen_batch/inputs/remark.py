"""What is said of an input without refusing it, in log and manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from jifen_batch.sentence import Sentence


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
