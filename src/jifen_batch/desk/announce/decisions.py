"""What somebody must decide before a quarter is put up, and what stands in its manifest when they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.desk.announce import disputed, passed_over, rejected
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jifen_batch.desk.announce.context import AnnounceContext

PASSED_OVER, REJECTED, DISPUTED = "passed_over", "rejected", "disputed"
ACCEPTED = {PASSED_OVER: "with_earlier", REJECTED: "accepted_rejects", DISPUTED: "accepted_open"}
SENTENCES = {PASSED_OVER: passed_over.sentence, REJECTED: rejected.sentence, DISPUTED: disputed.sentence}


def asked(on: AnnounceContext) -> dict[str, Any]:
    """All that asks for a decision, by name.

    Earlier quarters that were never announced, rejects of what hangs, and open objections to what would.
    """
    found = {
        PASSED_OVER: passed_over.passed_over(on),
        REJECTED: rejected.announced_before(on),
        DISPUTED: disputed.disputed(on),
    }
    return {name: one for name, one in found.items() if one}


def under_review(found: Mapping[str, Any] | None) -> list[str]:
    """Households with lines that are disputed (`disputed.disputed`), sorted."""
    return [str(household) for household in found["households"]] if found else []


def sentence(on: AnnounceContext, waiting: Mapping[str, Any]) -> Sentence:
    """What is to be decided, all of it."""
    said = [SENTENCES[name](on, found) for name, found in waiting.items()]
    return Sentence("; ".join(one.en for one in said), "；".join(one.zh for one in said))
