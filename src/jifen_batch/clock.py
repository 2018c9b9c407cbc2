"""What day and hour it is where the town is: Shanghai; and the days that count (specification 3.1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

# Shanghai has kept UTC+8 without summer time since 1991; a server may have no time zone tables.
SHANGHAI_SECONDS = 8 * 3_600
SHANGHAI = timezone(timedelta(seconds=SHANGHAI_SECONDS), "Asia/Shanghai")
# Of no other year is anything read, scored or announced.
FIRST_YEAR, LAST_YEAR = 2000, 2099
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)


def now() -> datetime:
    """The time in Shanghai."""
    return datetime.now(SHANGHAI)


def today() -> date:
    """The day in Shanghai."""
    return now().date()
