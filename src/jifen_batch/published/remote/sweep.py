"""What nobody names any more in an object store: runs that are not kept, and what stopped publishers left."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from jifen_batch import clock
from jifen_batch.published import announced, publish

if TYPE_CHECKING:
    from jifen_batch.published.remote.state import State
    from jifen_batch.storage.object_store import ObjectFolder

ROOMS = (publish.RUNS, announced.ANNOUNCED, publish.REFUSED)
# As long as runs stay for readers who are still inside them.
KEPT = timedelta(days=publish.KEEP_DAYS)
SIGNATURE_BYTES = 8
REMOVED_AT_ONCE = 500


def signature() -> str:
    """What tells one publication from another that says the same."""
    return secrets.token_hex(SIGNATURE_BYTES)


def sweep(store: ObjectFolder, now: State) -> None:
    """Remove what a state does not name and is old: a younger one may be of somebody who is at it."""
    named = {one.folder for one in now.sealed}
    oldest = clock.now() - KEPT
    old = [
        one.key
        for room in ROOMS
        for one in store.listed(f"{room}/")
        if "/".join(one.key.split("/")[:3]) not in named and one.changed_at < oldest
    ]
    for begin in range(0, len(old), REMOVED_AT_ONCE):
        store.remove(old[begin : begin + REMOVED_AT_ONCE])
