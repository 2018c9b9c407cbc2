"""What is so of a field of a rule file, whatever it is: a row's columns, and how values are shown."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from jifen_batch.scheme.choices import Choice
    from jifen_batch.sentence import Sentence

# What is decided before the operators: whether there is a rule, which rows it takes, when their lines accrue,
# their gross, and where they are summed.
OFFER, ACCEPTANCE, ACCRUAL, GROSS, SUMS = "offer", "acceptance", "accrual", "gross", "sums"


class Shown(Enum):
    """How the value of a field is shown to people."""

    TEXT = auto()
    CHOICE = auto()  # one of a few words
    FLAG = auto()  # yes or no
    POINTS = auto()  # points per period, dated or not
    LIMIT = auto()  # so many points, or none
    FORFEITS = auto()
    SCOPE = auto()
    LIST = auto()
    CAP_POINTS = auto()  # of a cap, dated or not, or without a bound
    GRADES = auto()
    OPEN = auto()  # as it is, or open


@dataclass(frozen=True)
class RuleField:
    """One key of a rule file, and its facts.

    `zh` names it where changes are listed (null: it is never listed by itself), `written` is what an editor
    shows; `value` and `means`, English and Chinese, are for the pages. `decides` are the steps of scoring
    that read it: a field that decides nothing moves no points. `columns` hold it where rules are compared
    (`rule_facts`); its own name unless given. `meant` is what it means where it is left out. `brief`
    tells a rule that says otherwise in few words, `{}` its value, of forfeits `{scope}` and `{items}`.
    `needed` is what is missing, in English, where a book does not give it; null: it may be left out.
    """

    name: str
    zh: str | None
    written: str
    value: tuple[str, str] = ("text", "文字")
    means: tuple[str, str] = ("", "")
    needed: str | None = None
    decides: tuple[str, ...] = ()
    columns: tuple[str, ...] | None = None
    meant: object = None
    shown: Shown = Shown.TEXT
    choices: tuple[Choice, ...] = ()
    brief: Sentence | None = None

    @property
    def required(self) -> bool:
        """Whether every book must give it."""
        return self.needed is not None

    @property
    def compared(self) -> tuple[str, ...]:
        """The columns that differ where the field does."""
        return (self.name,) if self.columns is None else self.columns
