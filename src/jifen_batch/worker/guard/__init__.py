"""What hangs is guarded, whatever the cause: a draft held against what there was (specification 4).

Events of earlier runs, quarters that were announced, and the points announced in them: what of these is
missing or taken back is asked about before anything is published.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.errors import LossError
from jifen_batch.published import announced, publish
from jifen_batch.tables.announced import ANNOUNCEMENT
from jifen_batch.worker.guard import (
    gone_points,
    gone_quarters,
    handed_over,
    missing_events,
    recoded,
    sentence,
    taken_back,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jifen_batch.inputs.remark import InputRemark
    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.options import RunOptions

FINGERPRINT_DIGITS = 16


def loss(drafted: DraftRun, options: RunOptions, *, becomes_current: bool) -> LossError | None:
    """What refuses a draft that lacks or takes back what there was; null where nothing does.

    `--accept-loss` names the fingerprint of a loss that somebody has looked into. Of a run that does not
    become current nothing is asked that it would take back: it is a look at another day. What was found
    and let through stands in the manifest of the draft, so that it is not asked again.
    """
    out = options.out
    last = publish.last_accepted(out)
    before = publish.read_manifest(last) if last else {}
    gone = gone_quarters.find(out)
    missing = missing_events.find(out, drafted)
    years = _vanished_years(out, drafted.content, missing)
    taken, less, pairs = taken_back.NOTHING, list[dict[str, Any]](), list[dict[str, Any]]()
    if becomes_current:
        less = handed_over.find(before, drafted.content)
        taken = taken_back.find(out, drafted, before, options.max_takeback)
        pairs = recoded.find(last, drafted)
    found = {
        "gone_quarters": gone,
        "losses": missing.losses,
        "unregistered": missing.unregistered,
        "recoded": pairs,
        "vanished_years": years,
        "not_handed_over": less,
        "taken_back": taken.beyond.to_dicts(),
        "by_input": taken.by_input,
    }
    accepted = False
    if any(found.values()):
        fingerprint = hashlib.sha256(json.dumps(found).encode()).hexdigest()[:FINGERPRINT_DIGITS]
        accepted = fingerprint == options.accept_loss
        if not accepted:
            english, chinese = sentence.of(found, out, fingerprint)
            night = {"run_id": drafted.run_id, "as_of": drafted.content["as_of"]}
            return LossError(english, chinese, **night, accept_loss=fingerprint, **found)
    if not drafted.published:
        drafted.content[missing_events.HELD_AGAINST] = missing.written(accepted)
        drafted.content[taken_back.TAKEN_BACK] = taken.written(accepted)
        drafted.content[gone_quarters.ACCEPTED] = gone_quarters.written(before, gone)
    return None


def remarks(drafted: DraftRun, options: RunOptions) -> Iterator[InputRemark]:
    """What a draft that nothing refuses has less of than the last accepted run: to be told.

    Nothing where that is of a later day, nor of a run that was published before, which was told of then.
    """
    last = publish.last_accepted(options.out)
    before = publish.read_manifest(last) if last else {}
    if last and not drafted.published and before["as_of"] <= drafted.content["as_of"]:
        yield from handed_over.remarks(before, drafted.content)
        yield from gone_points.remarks(last, drafted, options)


def _vanished_years(out: Path, content: Mapping[str, Any], missing: missing_events.Missing) -> list[int]:
    """Announced scoring years of which no event is left, though the run before, where one is, had some.

    Not those of which the events are there, and their households no more.
    """
    quarters = announced.quarters(out)
    years = announced.scan(out, ANNOUNCEMENT, quarters).select(pl.col("scoring_year").unique()).collect()
    orphaned = {one["scoring_year"] for one in missing.losses if one["unregistered"]}
    gone = set(years["scoring_year"]) - set(missing_events.counted(content)["scoring_year"]) - orphaned
    if missing.before is None:
        return sorted(gone)
    return sorted(gone & set(missing_events.counted(missing.before)["scoring_year"]))
