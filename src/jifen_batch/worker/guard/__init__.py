"""What hangs is guarded, whatever the cause: a draft held against what there was (specification 4).

Events of earlier runs, quarters that were announced, and the points announced in them: what of these is
missing or taken back is asked about before anything is published.
"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.errors import LossError
from jifen_batch.published import announced, at_hand, publish
from jifen_batch.published.differing import Opened
from jifen_batch.sentence import Sentence
from jifen_batch.tables.announced import ANNOUNCEMENT
from jifen_batch.worker import too_many_rejects
from jifen_batch.worker.guard import (
    emptied,
    exchanged_spells,
    gone_points,
    gone_quarters,
    handed_over,
    missing_events,
    moved_events,
    recoded,
    recorded_later,
    respelt,
    sentence,
    taken_back,
)
from jifen_batch.worker.guard.taken_back import on_board

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from jifen_batch.inputs.remark import InputRemark
    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.options import RunOptions

    Said = Mapping[str, Any]
    Manifests = Mapping[str, Said]
    OfPoints = tuple[gone_points.GonePoints, taken_back.TakenBack]

FINGERPRINT_DIGITS = 16


def held_against(
    drafted: DraftRun, options: RunOptions, hung: Manifests, held_back: Said | None, *, becomes_current: bool
) -> tuple[LossError | None, list[InputRemark]]:
    """What refuses a draft that lacks or takes back what there was, null = nothing; then what is to be told.

    `hung` are the manifests of the quarters that hang, by quarter. `--accept-loss` names the fingerprint of a
    loss that somebody has looked into. Of a run that does not become current nothing is asked that it would
    take back: it is a look at another day. What was found and let through stands in the manifest of the
    draft, so that it is not asked again. Where points are taken back and edited rule books that are
    `held_back` would take some of the rejects, that is said.
    """
    out = options.out
    last = publish.last_accepted(out)
    before = publish.read_manifest(last) if last else {}
    # A run as of a later day has more, and says nothing of this one's.
    earlier = last if last and before["as_of"] <= drafted.content["as_of"] else None
    gone = gone_quarters.find(out)
    moved_since = cache(partial(moved_events.since, drafted))
    run = Opened(last, before) if last else None
    of_points = partial(_of_points, earlier, run, drafted, options, hung) if becomes_current else None
    missing, (fewer, taken) = _asked(run, drafted, out, moved_since, of_points)
    years = _vanished_years(out, drafted.content, missing)
    found: dict[str, Any] = {
        "gone_quarters": gone,
        "losses": missing.losses,
        "unregistered": missing.unregistered,
        "recoded": [],
        "vanished_years": years,
        "not_handed_over": [],
        "taken_back": [],
        "by_input": [],
        "wiped": [],
    }
    if becomes_current:
        known = [*missing.losses, *taken.cells.to_dicts()]
        found |= {
            "recoded": recoded.find(last, drafted, moved_since),
            "not_handed_over": handed_over.find(before, drafted.content),
            "taken_back": taken.beyond.to_dicts(),
            "by_input": taken.by_input,
            "wiped": gone_points.wiped(earlier, drafted, fewer, known),
        }
    accepted = False
    if any(found.values()):
        fingerprint = hashlib.sha256(json.dumps(found).encode()).hexdigest()[:FINGERPRINT_DIGITS]
        accepted = fingerprint == options.accept_loss
        if not accepted:
            edit = _of_edit(drafted, held_back) if found["taken_back"] else None
            empty = emptied.behind(found, missing, drafted)
            later = recorded_later.behind(emptied.events_gone(found, missing), before, drafted.content)
            spelt = respelt.find(found, run, missing, drafted)
            behind = sentence.Behind(edit, empty, spelt, later, drafted.content["as_of"])
            english, chinese = sentence.of(found, out, fingerprint, behind)
            night = {"run_id": drafted.run_id, "as_of": drafted.content["as_of"]}
            said = {**night, "accept_loss": fingerprint, **found, "empty_cells": empty.cells}
            return LossError(english, chinese, **said), []
    if drafted.published:
        return None, []
    drafted.content |= {
        missing_events.HELD_AGAINST: missing.written(accepted),
        **taken.written(accepted),
        gone_quarters.ACCEPTED: gone_quarters.written(before, gone),
    }
    if earlier is None or not becomes_current:
        return None, []
    return None, [*_told(earlier, before, drafted, fewer, options)]


def _asked(
    run: Opened | None,
    drafted: DraftRun,
    out: Path,
    moved_since: Callable[[Path], moved_events.MovedEvents],
    of_points: Callable[[], OfPoints] | None,
) -> tuple[missing_events.Missing, OfPoints]:
    """What is gone of events and of points: of other tables they are asked, and each leaves a core idle."""
    if run:
        # Before two look into it.
        at_hand.whole(run.folder)
    with ThreadPoolExecutor(1) as beside:
        missing = beside.submit(missing_events.find, out, drafted, moved_since)
        points = of_points() if of_points else (gone_points.NOTHING, taken_back.NOTHING)
        return missing.result(), points


def _of_points(
    earlier: Path | None, run: Opened | None, drafted: DraftRun, options: RunOptions, hung: Manifests
) -> OfPoints:
    """What a draft does not give any more of what the run `earlier` did, and takes back of what is `hung`."""
    board = on_board(options.out, drafted, hung)
    fewer = gone_points.find(earlier, drafted)
    return fewer, taken_back.find(board, drafted, run, options.max_takeback)


def _told(
    earlier: Path, before: Said, drafted: DraftRun, fewer: gone_points.GonePoints, options: RunOptions
) -> Iterator[InputRemark]:
    """What refuses nothing, and is told, of a draft against the run `earlier`, whose manifest is `before`."""
    yield from handed_over.remarks(before, drafted.content)
    yield from gone_points.remarks(earlier, drafted, fewer, options)
    yield from exchanged_spells.remarks(earlier, drafted, options.households)


def _of_edit(drafted: DraftRun, held_back: Mapping[str, Any] | None) -> Sentence | None:
    """Which rejects edited rule books that are held back would take; null where none."""
    rejected = drafted.content["accounting"]["rejected"]
    if held_back is None or held_back["rejects"] >= rejected:
        return None
    taken, count = too_many_rejects.of_edit(held_back, rejected), f"{rejected:,}"
    return Sentence(f"{count} rows are rejected, {taken.en}", f"{count} 行被退回，{taken.zh}")


def _vanished_years(out: Path, content: Mapping[str, Any], missing: missing_events.Missing) -> list[int]:
    """Announced scoring years of which no event is left, though the run before, where one is, had some.

    Not those of which the events are there, and their households no more.
    """
    left = set(missing_events.counted(content)["scoring_year"])
    had = None if missing.before is None else set(missing_events.counted(missing.before)["scoring_year"])
    if had is not None and had <= left:
        return []
    quarters = announced.quarters(out)
    years = announced.scan(out, ANNOUNCEMENT, quarters).select(pl.col("scoring_year").unique()).collect()
    orphaned = {one["scoring_year"] for one in missing.losses if one["unregistered"]}
    gone = set(years["scoring_year"]) - left - orphaned
    return sorted(gone if had is None else gone & had)
