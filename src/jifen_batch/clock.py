"""What day and hour it is where the town is: Shanghai, for files without a zone and for the log."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

# Shanghai has kept UTC+8 without summer time since 1991; a server may have no time zone tables.
SHANGHAI_SECONDS = 8 * 3_600
SHANGHAI = timezone(timedelta(seconds=SHANGHAI_SECONDS), "Asia/Shanghai")


def now() -> datetime:
    """The time in Shanghai."""
    return datetime.now(SHANGHAI)


def today() -> date:
    """The day in Shanghai."""
    return now().date()
