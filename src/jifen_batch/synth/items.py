"""The items of the annex that households make events of, by their codes in the shipped rule book.

How often each happens is here too, so that a year of 200,000 households gives the 7.5 million rows that
were counted of a real one.
"""

from __future__ import annotations

import polars as pl

from jifen_batch.dataclass import dataclass

PLEDGES = ("deliberation.pledge", "waste.pledge")
COVENANT, YARD = "custom.covenant", "environment.yard"
RENTAL = ("rental.registration", "rental.rules")
VOLUNTEERING = "volunteer.service"
BANQUET, BREACH = "custom.banquet", "custom.banquet_breach"
FAMILIES = ("moral", "family", "volunteer", "courtyard")
TIERS = ("town", "district", "city")
HONOURS = tuple(f"honour.{family}.{tier}" for family in FAMILIES for tier in TIERS)


@dataclass(frozen=True)
class Yearly:
    """An item that a household has once a year: which `share` of them, in which `months`.

    `whose` is all, renting, or letting none; `personal` where one member earned it.
    """

    code: str
    share: float
    months: tuple[int, int]
    whose: str = "all"
    personal: bool = False


@dataclass(frozen=True)
class Incident:
    """An item that happens now and then: how often in `times_year`, to which households."""

    code: str
    times_year: float
    whose: str = "all"


YEARLY = (
    Yearly("safety.pledge", 0.93, (1, 4)),
    Yearly("rental.none", 0.82, (1, 3), whose="letting none"),
    Yearly("fire.equipment", 0.78, (3, 6)),
    Yearly("fire.charging", 0.46, (3, 9)),
    Yearly("service.military", 0.07, (1, 12), personal=True),
    Yearly("service.martyr_family", 0.004, (1, 4), personal=True),
    Yearly("education.university", 0.035, (7, 9), personal=True),
    Yearly("education.local_job", 0.22, (2, 12), personal=True),
    Yearly("education.training", 0.05, (3, 11), personal=True),
    Yearly("courtyard.contest", 0.38, (4, 10)),
)
INCIDENTS = (
    Incident("deliberation.absence", 0.24),
    Incident("waste.check_failed", 0.55),
    Incident("environment.check_failed", 0.42),
    Incident("violation.building", 0.0025),
    Incident("violation.conduct", 0.0012),
    Incident("rental.accident", 0.008, whose="renting"),
)

CODES = (
    *PLEDGES,
    COVENANT,
    YARD,
    *RENTAL,
    VOLUNTEERING,
    BANQUET,
    BREACH,
    *HONOURS,
    *(habit.code for habit in YEARLY),
    *(incident.code for incident in INCIDENTS),
)
ITEM = pl.Enum(CODES)
COUNTED = (VOLUNTEERING, *(incident.code for incident in INCIDENTS if incident.code != "rental.accident"))
