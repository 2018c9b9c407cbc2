"""Whether rows that are recorded after the night's day are behind what a draft lacks.

Such a row does not exist yet (specification 3.1.1). Where the source's clock runs ahead, or an export set
`recorded_at` anew, events are gone though every row is there: no input is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def behind(events_gone: int, before: Mapping[str, Any], now: Mapping[str, Any]) -> int:
    """How many more rows are recorded later than in the run before, by the manifests; 0 = not behind it.

    They are behind it where they are as many as the events that are gone.
    """
    rows = _not_visible(now) - _not_visible(before)
    return rows if 0 < events_gone <= rows else 0


def _not_visible(manifest: Mapping[str, Any]) -> int:
    """Rows of a run that are recorded after its day; none of a run that is not there."""
    return int(manifest.get("accounting", {}).get("not_visible", 0))
