"""What a town says of its notices: the table `[notice]` of the configuration file, and each village's own.

Nothing is made up here: what is not said is left as a line to be filled in by hand.
"""

from __future__ import annotations

import dataclasses
import difflib
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from jifen_batch.dataclass import dataclass
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MASKED, IDS = "masked", "ids"
AUTO, PAPERS, LAYOUTS = "auto", ("auto", "A4", "A3"), ("auto", "portrait", "landscape")
MOST_DAYS, MOST_ROWS, MOST_PEOPLE, LONGEST = 90, 100_000, 12, 60
VILLAGES = "villages"


class SettingError(ValueError):
    """A key of the table, by its path, and what is wrong with it."""

    def __init__(self, path: tuple[str, ...], sentence: Sentence) -> None:
        """`sentence` says what to write instead."""
        super().__init__(sentence.en)
        self.path, self.sentence = path, sentence


class WrongValueError(ValueError):
    """A value that its key does not take."""

    def __init__(self, sentence: Sentence) -> None:
        """`sentence` goes on from the key's name."""
        super().__init__(sentence.en)
        self.sentence = sentence


@dataclass(frozen=True)
class NoticeSettings:
    """How a village's notices are made out; null where nobody said.

    title
        What stands above all: in place of 积分公告.
    issuer, people
        Who announces, and who signs: pairs of title and name.
    posted_on, period_days, objections_until
        From when and for how many days it hangs (公示期), and the last day for objections (default: its
        last).
    contact, telephone, address, hours
        Where objections go. Of the committee, never of a villager.
    first
        How many ranks are listed; all where null.
    names
        `masked` householders, or `ids` only.
    paper, layout
        `A4` or `A3`, `portrait` or `landscape`; `auto` by content.
    """

    title: str | None = None
    issuer: str | None = None
    people: tuple[tuple[str, str], ...] = ()
    posted_on: date | None = None
    period_days: int | None = None
    objections_until: date | None = None
    contact: str | None = None
    telephone: str | None = None
    address: str | None = None
    hours: str | None = None
    first: int | None = None
    names: str = MASKED
    paper: str = AUTO
    layout: str = AUTO

    def period(self, printed_on: date) -> tuple[date, date] | None:
        """First and last day of the notice period; null where nobody said how long it is."""
        if self.period_days is None:
            return None
        first = self.posted_on or printed_on
        return first, first + timedelta(days=self.period_days - 1)

    def deadline(self, printed_on: date) -> date | None:
        """The last day for objections; null where nobody said."""
        period = self.period(printed_on)
        return self.objections_until or (period[1] if period else None)


@dataclass(frozen=True)
class TownSettings:
    """The settings of all villages, and by village id those that are otherwise."""

    shared: NoticeSettings = NoticeSettings()
    villages: Mapping[str, NoticeSettings] = dataclasses.field(default_factory=dict)

    def of(self, village_id: str) -> NoticeSettings:
        """The settings of a village."""
        return self.villages.get(village_id, self.shared)


def read(table: Mapping[str, object]) -> TownSettings:
    """The settings that a table gives. Raises `SettingError`."""
    shared = _settings({key: value for key, value in table.items() if key != VILLAGES}, (), NoticeSettings())
    own = table.get(VILLAGES, {})
    if not isinstance(own, dict) or not all(isinstance(one, dict) for one in own.values()):
        raise SettingError(
            (VILLAGES,),
            Sentence(
                "villages are tables; write [notice.villages.ID]",
                "villages 是表；请写成 [notice.villages.ID]",
            ),
        )
    return TownSettings(shared, {name: _settings(one, (VILLAGES, name), shared) for name, one in own.items()})


def _settings(table: Mapping[str, object], at: tuple[str, ...], shared: NoticeSettings) -> NoticeSettings:
    """The shared settings with what a table says otherwise."""
    told: dict[str, Any] = {}
    for key, value in table.items():
        if key not in CHECKS:
            nearest = difflib.get_close_matches(key, CHECKS, n=1, cutoff=0.0)[0]
            raise SettingError(
                (*at, key),
                Sentence(
                    f"the key {key!r} is not known here; the nearest is {nearest!r}",
                    f"这里没有 {key!r} 这个键；最接近的是 {nearest!r}",
                ),
            )
        try:
            told[key] = CHECKS[key](value)
        except WrongValueError as error:
            said = error.sentence
            raise SettingError((*at, key), Sentence(f"{key} {said.en}", f"{key} {said.zh}")) from None
    settings = dataclasses.replace(shared, **told)
    if settings.posted_on and settings.objections_until and settings.objections_until < settings.posted_on:
        raise SettingError(
            (*at, "objections_until"),
            Sentence(
                "objections_until lies before posted_on; write a later day",
                "objections_until 早于 posted_on；请写更晚的日期",
            ),
        )
    return settings


def _text(value: object) -> str:
    """A line of text."""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST:
        raise WrongValueError(
            Sentence(
                f"is not a text of 1 to {LONGEST} characters; write one in quotes",
                f"不是 1 至 {LONGEST} 字的文字；请写加引号的文字",
            )
        )
    return value.strip()


def _day(value: object) -> date:
    """A day, as TOML has it."""
    # A time is a day to Python.
    if type(value) is not date:
        raise WrongValueError(
            Sentence(
                "is not a day; write it as 2023-10-20, without quotes",
                "不是日期；请写成 2023-10-20，不加引号",
            )
        )
    return value


def _whole(most: int) -> Callable[[object], int]:
    """A whole number from 1."""

    def checked(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise WrongValueError(
                Sentence(
                    f"is not a whole number from 1 to {most:,}; write one without quotes",
                    f"不是 1 至 {most:,} 之间的整数；请写不加引号的整数",
                )
            )
        return value

    return checked


def _one_of(*words: str) -> Callable[[object], str]:
    """One of some words."""

    def checked(value: object) -> str:
        if value not in words:
            raise WrongValueError(
                Sentence(
                    f"is none of {', '.join(words)}; write one of these",
                    f"不是 {'、'.join(words)} 之一；请写其中之一",
                )
            )
        return str(value)

    return checked


def _people(value: object) -> tuple[tuple[str, str], ...]:
    """Titles and names of those who sign."""
    problem = Sentence(
        f'is not a list of at most {MOST_PEOPLE} people; write [{{title = "组长", name = "王某某"}}, …], '
        "a name may be left out",
        f'不是至多 {MOST_PEOPLE} 人的名单；请写成 [{{title = "组长", name = "王某某"}}, …]，姓名可以不写',
    )
    if not isinstance(value, list) or not 0 < len(value) <= MOST_PEOPLE:
        raise WrongValueError(problem)
    people = []
    for one in value:
        if not isinstance(one, dict) or not {"title"} <= one.keys() <= {"title", "name"}:
            raise WrongValueError(problem)
        people.append((_text(one["title"]), _text(one["name"]) if "name" in one else ""))
    return tuple(people)


CHECKS: dict[str, Callable[[object], object]] = {
    **dict.fromkeys(("title", "issuer", "contact", "telephone", "address", "hours"), _text),
    "people": _people,
    **dict.fromkeys(("posted_on", "objections_until"), _day),
    "period_days": _whole(MOST_DAYS),
    "first": _whole(MOST_ROWS),
    "names": _one_of(MASKED, IDS),
    "paper": _one_of(*PAPERS),
    "layout": _one_of(*LAYOUTS),
}
