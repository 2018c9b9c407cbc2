"""Reasons as expressions: what a piece is put down to, where something bears that out.

An operator only takes otherwise where its rule was edited, or where another line that it looks at
changed. What nothing bears out is `unattributed`, so that a gap in this account would show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from jifen_batch.analysis.attribution.pairs import SIDES, TAKES_ALL, differs
from jifen_batch.scheme.dispositions import given_by
from jifen_batch.scheme.operators import CAP, ENROLMENT, FORFEITURE, ONCE, TIER

if TYPE_CHECKING:
    from collections.abc import Sequence

TIERED = given_by(TIER)
HELD = given_by(CAP)
NOTHING = pl.lit(None, dtype=pl.String)


class Reason(NamedTuple):
    """`cause`, `what` became of it, the edited or followed `rule`, and the event `because` of which."""

    cause: pl.Expr
    what: pl.Expr
    rule: pl.Expr = NOTHING
    because: pl.Expr = NOTHING


def said(cause: str, what: str) -> Reason:
    """A reason that is the same for all."""
    return Reason(pl.lit(cause), pl.lit(what))


UNATTRIBUTED = said("unattributed", "unattributed")
REVISED = said("rows", "revised")
NOT_ENROLLED = said(ENROLMENT, "register")
MOVED = said("place", "register")
GRACE = said("grace", "option")
OTHER_BOOK = Reason(pl.lit("book"), pl.lit("other_book"), pl.col("book"))


def first_fitting(choices: Sequence[tuple[pl.Expr, Reason]], otherwise: Reason = UNATTRIBUTED) -> Reason:
    """The reason of the first condition that holds; a null does not hold."""
    parts = []
    for place, last in enumerate(otherwise):
        found = last
        for condition, reason in reversed(choices):
            found = pl.when(condition).then(reason[place]).otherwise(found)
        parts.append(found)
    return Reason(*parts)


def edited(cause: str, rule: pl.Expr, because: pl.Expr = NOTHING) -> Reason:
    """A rule that was edited; where another book came to govern the line, that or the move behind it."""
    own = Reason(pl.lit(cause), pl.lit("edited"), rule, because)
    return first_fitting(
        [(pl.col("other_book") & pl.col("moved"), MOVED), (pl.col("other_book"), OTHER_BOOK)], own
    )


def followed(cause: str, rule: pl.Expr, because: pl.Expr) -> Reason:
    """An operator that took otherwise because another line did."""
    return Reason(pl.lit(cause), pl.lit("followed"), rule, because)


def on_either(names: Sequence[str]) -> pl.Expr:
    """Whether the line's disposition is one of these on either side."""
    return pl.any_horizontal(pl.col(f"disposition_{side}").is_in(list(names)) for side in SIDES)


def _event_behind(names: Sequence[str]) -> pl.Expr:
    """The event that made the line one of these dispositions; of the later side where it is one there."""
    return pl.coalesce(
        pl.when(pl.col(f"disposition_{side}").is_in(list(names))).then(f"cause_{side}")
        for side in reversed(SIDES)
    )


def of_item() -> Reason:
    """The points of the line's item."""
    return edited("points", pl.col("code_after"))


def of_all_taking() -> Reason:
    """Enrolment, once per period, or forfeiture."""
    unlike = differs("disposition")
    item = pl.col("code_after")
    first, trigger = _event_behind(given_by(ONCE)), _event_behind(given_by(FORFEITURE))
    once = first_fitting(
        [
            (pl.col("once_edited"), edited("once", item, first)),
            (~pl.col("item_leads"), followed("once", item, first)),
        ]
    )
    return first_fitting(
        [
            (unlike & on_either(given_by(ENROLMENT)), NOT_ENROLLED),
            (unlike & on_either(given_by(ONCE)), once),
            (on_either(given_by(FORFEITURE)), forfeited(trigger)),
            (on_either(given_by(ONCE)), once),
        ]
    )


def forfeited(trigger: pl.Expr) -> Reason:
    """A forfeiture that came or went."""
    item = pl.col("code_after")
    return first_fitting(
        [
            (pl.col("trigger_changed"), followed("forfeiture", item, trigger)),
            (pl.col("forfeiture_edited"), edited("forfeiture", item, trigger)),
        ]
    )


def of_tier() -> Reason:
    """An exclusive tier."""
    group = pl.coalesce("exclusive_after", "exclusive_before")
    highest = _event_behind(TIERED)
    own = differs("gross")
    return first_fitting(
        [
            (pl.col("tier_edited"), edited("tier", group, highest)),
            (~pl.col("exclusive_leads") | own, followed("tier", group, highest)),
            (pl.col("exclusive_touched"), edited("tier", group, highest)),
        ]
    )


def of_year_cap() -> Reason:
    """A year cap. What is before it, points or a tier, may also have left it more or less of the line."""
    cap = pl.coalesce("cap_after", "cap_before")
    own = differs("gross") | (pl.col("by_tier") != 0)
    return first_fitting(
        [
            (pl.col("cap_edited"), edited("cap", cap)),
            (~pl.col("cap_leads") | own, followed("cap", cap, pl.col("cap_first"))),
            (pl.col("cap_touched"), edited("cap", cap)),
        ]
    )


def of_matter_cap() -> Reason:
    """A matter cap."""
    item = pl.col("code_after")
    own = differs("gross") | (pl.col("by_tier") != 0)
    return first_fitting(
        [
            (pl.col("matter_cap_edited"), edited("matter_cap", item)),
            (~pl.col("item_leads") | own, followed("matter_cap", item, pl.col("item_first"))),
        ]
    )


def of_cap() -> Reason:
    """The year cap where the line met it or it was edited, else the matter cap.

    What has been granted after a line that lost to the year cap is the cap to the point.
    """
    met = pl.any_horizontal(
        pl.col(f"disposition_{side}").is_in(HELD)
        & (pl.col(f"cap_used_{side}") == pl.col(f"cap_points_{side}").fill_null(pl.col(f"cap_used_{side}")))
        for side in SIDES
    )
    only_matter = pl.col("matter_cap_edited") & ~pl.col("cap_edited")
    matter = of_matter_cap()
    return first_fitting([(only_matter, matter), (met | pl.col("cap_edited"), of_year_cap())], matter)


def of_no_points() -> Reason:
    """Why a line changed that brings what it brought: its first difference in the order of scoring."""
    unlike = differs("disposition") | differs("cause")
    labels = edited("item", pl.col("code_after"))
    return first_fitting(
        [
            (pl.col("revised") | differs("decision_id"), REVISED),
            (differs("gross"), of_item()),
            (unlike & on_either(list(TAKES_ALL)), of_all_taking()),
            (unlike & on_either(TIERED), of_tier()),
            (unlike & on_either(HELD), of_cap()),
            (pl.col("moved"), MOVED),
            (pl.col("other_book"), OTHER_BOOK),
            (differs("category") | differs("task"), labels),
            (differs("quarter"), GRACE),
            (differs("cap_used"), of_year_cap()),
            # Last, for announcements of before 0.2.0 do not say which proof a line had.
            (differs("evidence_id"), REVISED),
        ]
    )
