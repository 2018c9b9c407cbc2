"""An announced quarter taken down again, whole, with the reason (specification 4, `announced/withdrawn/`).

Its folder moves in one step, as it is, below a folder of its own that says why and when; what reads
`announced/` as a dataset passes over names that begin with an underscore. Killed in between, a reason is
left without its quarter, which hangs on.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jifen_batch import clock
from jifen_batch.published import announced, publish
from jifen_batch.storage import disk

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REASON = "withdrawal.json"
NAMED_DIGITS = 16


def withdraw(out: Path, quarter: str, reason: str) -> Path:
    """Take down a quarter that hangs; where it lies from then on. The output folder must be held."""
    hanging = announced.folder(out, quarter)
    digest = announced.manifest_digest(out, quarter)
    content = publish.read_manifest(hanging)
    told = {
        "quarter": quarter,
        "reason": reason,
        "withdrawn_at": clock.now().isoformat(timespec="seconds"),
        "sha256": digest,
        "as_of": content["as_of"],
        "run_id": content["run_id"],
    }
    place = out / announced.ANNOUNCED / announced.WITHDRAWN / f"_{quarter}-{digest[:NAMED_DIGITS]}"
    disk.remove_tree(place)
    disk.make_lasting_folder(place)
    disk.write_bytes(place / REASON, as_bytes(told))
    disk.sync_tree(place)
    disk.rename(hanging, place / hanging.name)
    disk.sync(hanging.parent)
    return place


def as_bytes(told: Mapping[str, Any]) -> bytes:
    """Why and when a quarter was withdrawn, as it lies beside it."""
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def last_of(out: Path, quarter: str) -> dict[str, Any] | None:
    """What was said when this quarter was last withdrawn; null where it never was."""
    places = [folder.parent for folder in announced.withdrawn(out) if folder.name == f"quarter={quarter}"]
    told = [json.loads((place / REASON).read_bytes()) for place in places]
    return max(told, key=lambda one: str(one["withdrawn_at"]), default=None)
