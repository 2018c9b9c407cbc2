"""`run --dry-run`: what the night would come to, on stdout, and its exit code."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.cli import language, output, progress
from jifen_batch.scheme.outcomes import DRY_RUN, FAILED

if TYPE_CHECKING:
    from jifen_batch.cli.night_lists import NightLists
    from jifen_batch.notices.grid import Part
    from jifen_batch.worker import RunOptions
    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.rehearsal import Rehearsal


def rehearse(
    options: RunOptions, lists: NightLists, line: dict[str, object], top: int, *, as_json: bool
) -> None:
    """Work the night without publishing it, and say what would come of it.

    The canonical `line` gets its figures, and as `would_end` the exit code that the night would have.
    """
    from jifen_batch.cli import logs
    from jifen_batch.cli.published import highlights
    from jifen_batch.worker import rehearsal

    shown: list[Part] = []

    def look(draft: DraftRun) -> None:
        lists.of_rehearsed(draft)
        if top and not as_json:
            shown.extend(highlights(draft.folder, draft.content, top))

    with progress.watched() as watching:
        found = rehearsal.rehearse(options, logs.logger(), watching, look)
    line.update(_figures(found))
    if as_json:
        output.document(as_data(found) | {"worklists": line.get("worklists")})
        return
    from jifen_batch.notices import rehearsal as told

    sentences = [one.sentence for one in found.refusals]
    output.tables(
        *told.parts(found.outcome, sentences, found.manifest, found.held_back, found.hanging),
        *shown,
    )


def _figures(found: Rehearsal) -> dict[str, object]:
    """What the canonical line says of a dry run."""
    return {
        "outcome": DRY_RUN,
        "run_id": found.run_id,
        "as_of": found.manifest["as_of"],
        "rows": found.manifest["accounting"]["rows"],
        "lines": found.manifest["control_totals"]["lines"],
        "rejects": found.manifest["accounting"]["rejected"],
        "would_end": found.exit_code,
        "refusals": [language.here(one.sentence) for one in found.refusals],
    }


def as_data(found: Rehearsal) -> dict[str, Any]:
    """The result for machines: why it would be refused, where every row went, what hangs and would change."""
    return {
        "outcome": DRY_RUN,
        "would_be": FAILED if found.refusals else found.outcome,
        "exit_code": found.exit_code,
        "run_id": found.run_id,
        "refusals": [
            {
                "exit_code": int(one.exit_code),
                "error": language.here(one.sentence),
                "sentence": one.sentence._asdict(),
                **one.figures,
            }
            for one in found.refusals
        ],
        "held_back": found.held_back,
        "announced": found.hanging.to_dicts(),
        "manifest": found.manifest,
    }
