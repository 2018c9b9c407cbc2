"""The rows of a run counted and added up again, some whole villages at a time, against its manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis import recount
from jifen_batch.analysis.named_standings import NAMED_BAR_LINES, bar_lines
from jifen_batch.published import manifest
from jifen_batch.published.finding import Finding
from jifen_batch.published.village_range import PLACE, of_villages
from jifen_batch.scheme.states import POSTED, REJECTED, STATES, SUPERSEDED, UNPOSTED_NAMES, WAITING
from jifen_batch.scheme.word import names
from jifen_batch.tables import ANNOUNCEMENTS, BALANCES, LEDGER, REJECTS, UNPOSTED
from jifen_batch.worker import tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jifen_batch.desk.verify.manifest_claims import ManifestClaims
    from jifen_batch.published.untrusted_table import UntrustedTable
    from jifen_batch.published.village_range import VillageRange
    from jifen_batch.tables.rule_tables import RuleTables

BY_VILLAGE = (LEDGER, BALANCES, ANNOUNCEMENTS, UNPOSTED)
EVENTS_READ = (*recount.VILLAGE, "event_id", "occurred_on")


class Recounted:
    """What the rows of a run come to; `look` at every table first, then `add_up`.

    `nets`, `activity`: as `recount` gives them; `first_quarter`: that of the first line, null without;
    `unlike` counts, by table, the keys whose row does not follow from the ledger, with the first of them.
    """

    def __init__(
        self,
        sheets: Mapping[str, UntrustedTable],
        claims: ManifestClaims,
        folder: str,
        books: RuleTables | None,
    ) -> None:
        """`folder` is the run's, relative to the output folder; `books` as `readable_books` gives them."""
        self.sheets, self.claims, self.folder, self.books = sheets, claims, folder, books
        self.first_quarter: str | None = None
        self.states: dict[str, int] = {}
        self.reasons: dict[str, int] = {}
        self._posted = self._unlawful = self._twice = 0
        self._villages: list[pl.DataFrame] = []
        self._events: list[pl.DataFrame] = []
        self._activity: list[pl.DataFrame] = []
        self._nets: list[pl.DataFrame] = []
        self._bar_lines: list[pl.DataFrame] = []
        self._dispositions: list[pl.DataFrame] = []
        self._unlike: dict[str, tuple[int, str]] = {}

    @property
    def nets(self) -> pl.DataFrame:
        """Net points of each household, at its place, and scoring year with a line."""
        return pl.concat([recount.nets(LEDGER.schema.to_frame()), *self._nets])

    @property
    def bar_lines(self) -> pl.DataFrame:
        """The lines that may bar a grade (`named_standings.bar_lines`)."""
        return pl.concat([NAMED_BAR_LINES.to_frame(), *self._bar_lines])

    @property
    def activity(self) -> pl.DataFrame:
        """Counts of lines and rows by village and quarter."""
        return recount.counted(self._activity)

    def look(self, sheet: UntrustedTable) -> None:
        """Read a table once, and count of it what needs no other table."""
        table = sheet.table
        for rows in sheet.look():
            if table in BY_VILLAGE:
                placed = rows.drop_nulls(PLACE)
                self._villages.append(placed.group_by(PLACE).agg(lines=pl.len().cast(pl.Int64)))
            if table == UNPOSTED:
                self._count(self.states, rows["state"])
                standing = rows.filter(pl.col("state") != SUPERSEDED.name)
                self._add_events(standing, pl.col("state").is_in(WAITING))
                for state in ("declared", "assessed"):
                    self._activity.append(recount.waiting_work(rows.filter(pl.col("state") == state), state))
            if table == REJECTS:
                self._count(self.reasons, rows["reason"])
                self._add_events(rows, pl.lit(value=False))
                self._activity.append(recount.waiting_work(rows, "rejects"))

    def add_up(self) -> None:
        """Go through all villages. Raises `DamagedError`."""
        empty = pl.DataFrame(schema={**dict.fromkeys(PLACE, pl.String), "lines": pl.Int64})
        for stretch in of_villages(pl.concat([empty, *self._villages])):
            self._add(stretch)

    def _add(self, stretch: VillageRange) -> None:
        lines = self.sheets[LEDGER.name].read(stretch)
        unposted = self.sheets[UNPOSTED.name].read(stretch)
        self._hold(BALANCES.name, stretch, recount.balances(lines), BALANCES.sort_keys)
        keys = (*ANNOUNCEMENTS.sort_keys, "quarter")
        self._hold(ANNOUNCEMENTS.name, stretch, recount.announcements(lines), keys)
        posted = recount.posted_events(lines)
        self._posted += posted.height
        self._add_events(posted, pl.lit(value=True))
        waiting = unposted.filter(pl.col("state").is_in(WAITING))
        self._activity.append(recount.activity(lines, waiting))
        self._nets.append(recount.nets(lines))
        self._bar_lines.append(bar_lines(lines, self.books))
        self._dispositions.append(recount.by_disposition(lines))
        self._unlawful += recount.unlawful(lines, self.claims.as_of)
        self._twice += recount.twice(lines)
        quarters = [one for one in (self.first_quarter, lines["quarter"].min()) if one is not None]
        self.first_quarter = min(map(str, quarters), default=None)

    def _hold(self, name: str, stretch: VillageRange, computed: pl.DataFrame, key: tuple[str, ...]) -> None:
        sheet = self.sheets[name]
        count, first = recount.unlike(sheet.read(stretch).select(sheet.held.names), computed, key)
        before, first_before = self._unlike.get(name, (0, ""))
        self._unlike[name] = before + count, first_before or first

    def _add_events(self, rows: pl.DataFrame, valid: pl.Expr) -> None:
        named = rows.select(*EVENTS_READ, valid=valid)
        self._events.append(recount.events(named, valid=pl.col("valid")))

    @staticmethod
    def _count(counts: dict[str, int], names: pl.Series) -> None:
        for name, number in names.value_counts().iter_rows():
            counts[name] = counts.get(name, 0) + number

    def findings(self) -> list[Finding]:
        """What does not follow from the lines, and what the manifest says otherwise."""
        kinds = {BALANCES.name: "balances", ANNOUNCEMENTS.name: "announcements"}
        found = [
            Finding(kinds[name], f"{self.folder}/{name}", {"rows": count, "first": first})
            for name, (count, first) in self._unlike.items()
            if count
        ]
        ledger = f"{self.folder}/{LEDGER.name}"
        if self._unlawful:
            found.append(Finding("lines", ledger, {"rows": self._unlawful}))
        if self._twice:
            found.append(Finding("twice", ledger, {"rows": self._twice}))
        said = {
            "control_totals": self._totals_agree(),
            "accounting": self._accounts_agree(),
            "events": self._events_agree(),
        }
        file = f"{self.folder}/{manifest.NAME}"
        return found + [Finding(kind, file) for kind, agrees in said.items() if not agrees]

    def _totals_agree(self) -> bool:
        """Whether lines and points by disposition are the manifest's."""
        empty = recount.by_disposition(LEDGER.schema.to_frame())
        summed = pl.concat([empty, *self._dispositions]).group_by("disposition").agg(pl.all().sum())
        counted = {name: (lines, points) for name, lines, points in summed.iter_rows()}
        lines, points = (sum(total[place] for total in counted.values()) for place in (0, 1))
        claims = self.claims
        return counted == claims.dispositions and (lines, points) == (claims.lines, claims.points)

    def _accounts_agree(self) -> bool:
        """Whether every row is accounted for, as far as it stands in a table (specification 3.4)."""
        said = self.claims.accounting
        counted = {state: self.states.get(state, 0) for state in UNPOSTED_NAMES}
        counted |= {REJECTED.name: sum(self.reasons.values()), POSTED.name: self._posted}
        same = all(said.get(name) == count for name, count in counted.items())
        whole = said.keys() == {"rows", *names(STATES)}
        return same and whole and tally.unaccounted(said) == 0 and self.reasons == self.claims.reasons

    def _events_agree(self) -> bool:
        """Whether events by village and year are the manifest's; ids only where they hash as they did."""
        summed = (
            pl.concat(self._events) if self._events else pl.DataFrame(schema=dict.fromkeys(PLACE, pl.String))
        )
        if not summed.height:
            return not self.claims.events
        summed = summed.group_by(*PLACE, "scoring_year").agg(pl.all().sum())
        same_hash = self.claims.same_hashes
        counted = {
            (town, village, year): (events, received, str(checksum) if same_hash else "")
            for town, village, year, events, received, checksum in summed.iter_rows()
        }
        said = {
            key: (events, received, checksum if same_hash else "")
            for key, (events, received, checksum) in self.claims.events.items()
        }
        return counted == said
