"""What an announcement comes to, added up village by village: its manifest, and what there is to show."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis.correction_causes import CAUSES
from jifen_batch.analysis.corrections import ACCOUNT
from jifen_batch.analysis.named_standings import NAMED_BAR_LINES, bar_lines
from jifen_batch.analysis.notice_rows import adjustments
from jifen_batch.notices import rule_changes
from jifen_batch.published import announced, manifest, withdrawal
from jifen_batch.rules.diff import changes
from jifen_batch.tables import SUMS
from jifen_batch.tables.announced import ANNOUNCEMENT, CORRECTIONS, LINES

if TYPE_CHECKING:
    from jifen_batch.desk.announce.context import AnnounceContext
    from jifen_batch.desk.announce.totals import Settled
    from jifen_batch.sentence import Sentence

SUMMED = (*SUMS, "adjusted", "net")
# In the reason of a correction, what became of a cause when the rule book was edited.
EDITED = r"\.edited\b"


class AnnouncementTotals:
    """Sums of all villages settled so far, and their first `shown` adjusted accounts.

    For the standings, by household and scoring year: `nets`, all points; `own_nets`, those of the quarter's
    own lines; `bar_lines`, the lines that may bar a grade (`named_standings.bar_lines`).
    """

    def __init__(self, on: AnnounceContext, names: pl.DataFrame, shown: int) -> None:
        """`names` says how far a notice may name items (`adjust.naming`)."""
        self.on, self.names, self.shown = on, names, shown
        self._sums: Counter[str] = Counter()
        self._reasons: list[pl.DataFrame] = []
        self._nets: list[pl.DataFrame] = []
        self._own_nets: list[pl.DataFrame] = []
        self._bar_lines: list[pl.DataFrame] = []
        self._shown: list[pl.DataFrame] = []
        self._adjusted_accounts = 0

    def add(self, now: Settled) -> None:
        """Add some villages."""
        rows, own, corrections = (now.tables[table.name] for table in (ANNOUNCEMENT, LINES, CORRECTIONS))
        self._sums.update({name: int(rows[name].sum()) for name in SUMMED})
        self._sums.update(
            rows=rows.height,
            households=rows.select(ACCOUNT[:3]).n_unique(),
            lines=own.height,
            hung_lines=now.hung.height,
            hung_points=int(now.hung["points"].sum()),
            ledger_lines=now.ledger.height,
            ledger_points=int(now.ledger["points"].sum()),
        )
        change = pl.col("change")
        self._reasons.append(
            corrections.group_by("reason").agg(
                lines_added=(change > 0).sum().cast(pl.Int64),
                lines_removed=(change < 0).sum().cast(pl.Int64),
                points=(pl.col("points") * change).sum(),
            )
        )
        by_year = now.nets.group_by(*ACCOUNT[:4]).agg(pl.col("net").sum())
        self._nets.append(by_year)
        self._own_nets.append(own.group_by(*ACCOUNT[:4]).agg(net=pl.col("points").sum()))
        self._bar_lines.append(bar_lines(now.ledger, self.on.books))
        self._show(now)

    def _show(self, now: Settled) -> None:
        """Keep the adjustments of these villages, as many as are still to be shown."""
        adjusted = adjustments(now.causes, now.hung, self.names)
        accounts = adjusted.select(ACCOUNT).unique(maintain_order=True)
        room = max(0, self.shown - self._adjusted_accounts)
        self._adjusted_accounts += accounts.height
        self._shown.append(adjusted.join(accounts.head(room), on=ACCOUNT, how="semi", maintain_order="left"))

    @property
    def nets(self) -> pl.DataFrame:
        """Net points of each household and scoring year with a line: place, household, year, `net`."""
        return pl.concat([NETS.to_frame(), *self._nets])

    @property
    def own_nets(self) -> pl.DataFrame:
        """The same of the quarter's own lines."""
        return pl.concat([NETS.to_frame(), *self._own_nets])

    @property
    def bar_lines(self) -> pl.DataFrame:
        """The lines up to the quarter that may bar a grade."""
        return pl.concat([NAMED_BAR_LINES.to_frame(), *self._bar_lines])

    @property
    def adjustments(self) -> pl.DataFrame:
        """The adjustments to show, of whole accounts, in their order (`adjust.adjustments`)."""
        empty = adjustments(CAUSES.to_frame(), LINES.schema.to_frame(), self.names)
        return pl.concat([empty, *self._shown])

    def _edits(self) -> list[Sentence]:
        """What was edited in the books since the last announcement, but for items that nobody may name."""
        closed = {*self.names.filter(~pl.col("open"))["item"]}
        found = changes(self.on.rules_before, self.on.rules)
        return rule_changes.sentences([one for one in found if closed.isdisjoint({one.key, *one.items})])

    def content(self) -> dict[str, Any]:
        """The quarter's manifest, but for its files."""
        run, sums = self.on.content, self._sums
        reasons = pl.concat([CORRECTED.to_frame(), *self._reasons])
        by_reason = reasons.group_by("reason").agg(pl.all().sum()).sort("reason")
        edits = self._edits() if by_reason["reason"].str.contains(EDITED).any() else []
        return {
            "quarter": self.on.quarter,
            "run_id": run["run_id"],
            "as_of": run["as_of"],
            "options": run["options"],
            "books": run["books"],
            "earlier": [
                {"quarter": quarter, "sha256": announced.manifest_digest(self.on.out, quarter)}
                for quarter in self.on.earlier
            ],
            **(
                {"replaces": replaced}
                if (replaced := withdrawal.last_of(self.on.out, self.on.quarter))
                else {}
            ),
            "own": {name: sums[name] for name in ("lines", *SUMS)},
            "adjusted": {
                "lines_added": int(by_reason["lines_added"].sum()),
                "lines_removed": int(by_reason["lines_removed"].sum()),
                "points": sums["adjusted"],
                "accounts": self._adjusted_accounts,
                "by_reason": {row.pop("reason"): row for row in by_reason.to_dicts()},
                "edits": [one.zh for one in edits],
                "edits_en": [one.en for one in edits],
            },
            "rows": sums["rows"],
            "households": sums["households"],
            "control_totals": {
                "hung_before": {"lines": sums["hung_lines"], "points": sums["hung_points"]},
                "announced": {"points": sums["net"]},
                "ledger": {"lines": sums["ledger_lines"], "points": sums["ledger_points"]},
            },
            **manifest.of_program(),
        }


NETS = pl.Schema({name: ANNOUNCEMENT.schema[name] for name in ACCOUNT[:4]} | {"net": pl.Int64()})
CORRECTED = pl.Schema(
    {"reason": pl.String(), "lines_added": pl.Int64(), "lines_removed": pl.Int64(), "points": pl.Int64()}
)
