"""What nobody names any more in an object store: runs that are not kept, and what stopped publishers left."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from jifen_batch.published import announced, publish
from jifen_batch.published.remote import state

if TYPE_CHECKING:
    from jifen_batch.published.remote.state import State
    from jifen_batch.storage.object_store import ObjectFolder

ROOMS = (publish.RUNS, announced.ANNOUNCED, publish.REFUSED)
# As long as runs stay for readers who are still inside them.
KEPT = timedelta(days=publish.KEEP_DAYS)
REMOVED_AT_ONCE = 500


def sweep(store: ObjectFolder, now: State) -> None:
    """Remove what a state, just published, does not name and is old: what is young may be of somebody at it.

    How old, the store's own clock says.
    """
    published = store.head(state.key(now.number))
    if published is None:
        return
    named = {one.folder for one in now.sealed}
    oldest = published.changed_at - KEPT
    old = [
        one.key
        for room in ROOMS
        for one in store.listed(f"{room}/")
        if "/".join(one.key.split("/")[:3]) not in named and one.changed_at < oldest
    ]
    for begin in range(0, len(old), REMOVED_AT_ONCE):
        store.remove(old[begin : begin + REMOVED_AT_ONCE])
