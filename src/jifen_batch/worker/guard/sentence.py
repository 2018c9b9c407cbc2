"""What is missing or taken back, in a sentence: which input, for whom, how much, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.analysis.takeback import EMPTY, EVENTS, REGISTER, REVISION, STATUS
from jifen_batch.dataclass import dataclass
from jifen_batch.inputs import respelling
from jifen_batch.published import announced
from jifen_batch.sentence import THEN, Sentence, joined
from jifen_batch.worker import empty_cells
from jifen_batch.worker.guard import handed_over

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jifen_batch.inputs.respelling import Pairs
    from jifen_batch.worker.guard.emptied import Emptied
    from jifen_batch.worker.guard.respelt import Respelt

NAMED_AT_MOST = 5
RESPELT = Sentence("ids of households are written otherwise", "户编号的写法变了")
OTHER_IDS = Sentence("events stand under other ids", "事项换了编号")
UNDER_ANOTHER = Sentence("events stand under another id of their household", "事项在另一户编号名下")

PLACES = dict.fromkeys((EVENTS, STATUS, EMPTY, REVISION), "--events") | {REGISTER: "--households"}
FIND = Sentence("; find the missing input", "，请找回缺少的数据")
TOOK = {
    EVENTS: Sentence("events are missing", "事项缺失"),
    REGISTER: Sentence(
        "the register says otherwise who was enrolled, and where; look at enrolled_on, left_on "
        "and village_id, and where a code was changed end the old spells (left_on) and begin new ones on "
        "that day instead of rewriting what was",
        "农户名册中参加起止日期或所属村变了，请核对 enrolled_on、left_on、village_id；村编号如有变更，"
        "请自变更日起另起一段（旧段填 left_on），不要改写以前的记录",
    ),
    STATUS: Sentence(
        "the status of events is another, empty or not known; look at the column status",
        "事项状态变了、空着或无法识别，请核对 status 一列",
    ),
    EMPTY: Sentence("events are rejected now for a required cell that is empty", "事项因必填栏空着而被退回"),
    REVISION: Sentence(
        "events were revised or are rejected now; look at the revised rows, and at the rejects, which "
        "--worklists FOLDER lists",
        "事项被更正或现被退回，请核对更正的行和退回的行（加 --worklists 文件夹 可列出退回的行）",
    ),
}


@dataclass(frozen=True)
class Behind:
    """What is behind what the guard found, as far as it is known.

    `edit` says which rejects an edit of the rules that is held back would take, null = none; `emptied`,
    which columns are blank: where these lost the events, no input is missing; `respelt`, which ids a sheet
    program wrote otherwise; `recorded_later`, how many rows are recorded after the day `as_of` and were
    not, where these are the events that are gone, else 0.
    """

    edit: Sentence | None
    emptied: Emptied
    respelt: Respelt
    recorded_later: int
    as_of: str

    @property
    def find(self) -> Sentence:
        """What to do about events that are missing."""
        known = self.emptied.lost_events or self.respelt.all_events or self.recorded_later
        return Sentence("", "") if known else FIND

    def took(self, found: Mapping[str, Any]) -> Mapping[str, Sentence]:
        """What each input did, where the guard `found` something."""
        other, by_register = self.respelt, TOOK[REGISTER]
        if other.places:
            by_register = joined((respelling.as_now(*one) for one in other.places.items()), THEN)
        elif other.households:
            by_register = RESPELT
        columns = {one.column for one in other.rejected}
        of_rejected = RESPELT if other.names_no_household else TOOK[REVISION]
        if "item" in columns:
            of_rejected = Sentence("codes of items are written otherwise", "事项代码的写法变了")
        of_status = Sentence("the status is written otherwise", "状态的写法变了")
        return {
            **TOOK,
            EVENTS: self._lost_events(found),
            REGISTER: by_register,
            REVISION: of_rejected,
            STATUS: of_status if "status" in columns else TOOK[STATUS],
        }

    def _lost_events(self, found: Mapping[str, Any]) -> Sentence:
        """What took the points of events that are gone from their households."""
        if self.emptied.lost_events:
            return TOOK[EMPTY]
        households = sum(one["households"] for one in found["by_input"] if one["input"] == EVENTS)
        moved = [one for one in found["recoded"] if not one["exchanged"]]
        if (
            self.respelt.names_no_household
            or self.respelt.registered
            or 2 * len(self.respelt.recoded) >= max(households, 1)
        ):
            return RESPELT
        if self.respelt.all_events:
            return OTHER_IDS
        if 2 * len(moved) >= max(households, 1):
            return UNDER_ANOTHER
        events = TOOK[EVENTS]
        return Sentence(f"{events.en}{self.find.en}", f"{events.zh}{self.find.zh}")


def of(found: Mapping[str, Any], out: Path, fingerprint: str, behind: Behind) -> Sentence:
    """The whole sentence, in both languages, for what the guard found and what is behind it."""
    took = behind.took(found)
    other = behind.respelt
    parts = [
        *_empty(behind.emptied.cells),
        *_recorded_later(behind.recorded_later, behind.as_of),
        *(said for one in other.rejected for said in one.sentences),
        *_gone(out, found["gone_quarters"]),
        *([] if other.names_no_household else _vanished(found["vanished_years"], behind.find)),
        *_missing(found["losses"], other, behind.find),
        *_unregistered(found["losses"], found["unregistered"], other.households),
        *_reregistered(other.registered),
        *_recoded(found["recoded"], other.recoded),
        *_not_handed_over(found["not_handed_over"]),
        *_taken_back(found["taken_back"], found["by_input"], took),
        *_wiped(found["wiped"], took),
        *([behind.edit] if behind.edit else []),
    ]
    return Sentence(
        f"{'; '.join(part.en for part in parts)}; nothing was published: put that right, or accept it with "
        f"--accept-loss {fingerprint}",
        f"{'；'.join(part.zh for part in parts)}；没有发布任何结果：请先更正，确属如此的用 "
        f"--accept-loss {fingerprint} 接受",
    )


def _gone(out: Path, quarters: Sequence[Mapping[str, Any]]) -> Iterator[Sentence]:
    for one in quarters:
        place, run, quarter = announced.folder(out, one["quarter"]), one["run"], one["quarter"]
        yield Sentence(
            f"{place}: is gone, or is not what hung there when the run {run} was published; "
            f"{announced.RESTORE.en}, or make it again with announce --rebuild {quarter}",
            f"{place}：不见了，或已不是运行 {run} 发布时公告的内容；请从备份恢复该目录，"
            f"或用 announce --rebuild {quarter} 重新生成",
        )


def _empty(cells: Sequence[dict[str, Any]]) -> Iterator[Sentence]:
    if cells:
        some, again = empty_cells.named(cells), empty_cells.EXPORT_AGAIN
        yield Sentence(f"--events: {some.en}; {again.en}", f"--events：{some.zh}，{again.zh}")


def _recorded_later(rows: int, as_of: str) -> Iterator[Sentence]:
    if rows:
        yield Sentence(
            f"--events: {rows:,} more row(s) than in the last run are recorded after {as_of} and do not "
            "count yet; look at the column recorded_at and at the clock of the source",
            f"--events：录入时间晚于 {as_of} 的行比上次运行多 {rows:,} 行，尚不计入；"
            "请核对 recorded_at 一列和来源系统的时钟",
        )


def _vanished(years: Sequence[int], find: Sentence) -> Iterator[Sentence]:
    if years:
        named = ", ".join(map(str, years))
        yield Sentence(
            f"--events: no event is left of the announced year(s) {named}{find.en}",
            f"--events：已公告的年度 {named} 一条事项也没有了{find.zh}",
        )


def _missing(losses: Sequence[Mapping[str, Any]], other: Respelt, find: Sentence) -> Iterator[Sentence]:
    """Villages that lost events of households which the register still has, or have them under other ids."""
    rows = [{**one, "gone": one["lost"] - one["unregistered"]} for one in losses]
    rows = [one for one in rows if one["gone"]]
    if not rows:
        return
    some = cells_named(rows, "gone", "had")
    if other.events:
        told = respelling.as_now("event_id", other.events)
        yield Sentence(
            f"--events: events that an earlier run had stand under other ids ({some.en}): {told.en}",
            f"--events：以前运行中有过的事项换了编号（{some.zh}）：{told.zh}",
        )
    if not other.all_events:
        yield Sentence(
            f"--events: villages have lost events that an earlier run had ({some.en}){find.en}",
            f"--events：有村缺少以前运行中有过的事项（{some.zh}）{find.zh}",
        )


def _unregistered(
    losses: Sequence[Mapping[str, Any]], households: Sequence[str], respelt: Pairs
) -> Iterator[Sentence]:
    """Villages that lost events because the register has not their households any more, or not so."""
    rows = [one for one in losses if one["unregistered"]]
    some = cells_named(rows, "unregistered", "had")
    if rows and 2 * len(respelt) >= len(households):
        told = respelling.as_now("household_id", respelt)
        yield Sentence(
            f"--households: events that an earlier run had find no household ({some.en}): {told.en}",
            f"--households：以前的运行中有过的事项找不到户（{some.zh}）：{told.zh}",
        )
    elif rows:
        named = ", ".join(households[:NAMED_AT_MOST]) + (", …" if len(households) > NAMED_AT_MOST else "")
        count = len(households)
        yield Sentence(
            f"--households: the register no longer has {count:,} household(s) ({named}) whose events an "
            f"earlier run had ({some.en}); bring their rows back, with a left_on where they have left, or "
            "say with --successions which id each has now",
            f"--households：农户名册中不再有 {count:,} 户（{named}），而以前的运行中有其事项（{some.zh}）；"
            "请恢复这些行，已退出的填 left_on；换了编号的，用 --successions 说明新编号",
        )


def _reregistered(respelt: Pairs) -> Iterator[Sentence]:
    if respelt:
        told = respelling.as_now("household_id", respelt)
        yield Sentence(f"--households: {told.en}", f"--households：{told.zh}")


def _recoded(pairs: Sequence[Mapping[str, Any]], respelt: Pairs) -> Iterator[Sentence]:
    """Households whose events stand under an id that nobody said is theirs, or under each other's."""
    exchanged = [one for one in pairs if one["exchanged"]]
    if exchanged:
        some = respelling.changed([(one["old"], one["new"]) for one in exchanged])
        yield Sentence(
            f"--events: the events of household(s) stand under each other's id ({some.en}); an event keeps "
            "its household: give each id back its own, or their points are exchanged",
            f"--events：有农户的事项互换了户编号（{some.zh}）；事项的户不会变：请改回各自的编号，"
            "否则两户的积分就互换了",
        )
    if respelt:
        told = respelling.as_now("household_id", respelt)
        yield Sentence(f"--events, --households: {told.en}", f"--events、--households：{told.zh}")
    changed = [one for one in pairs if not one["exchanged"] and (one["old"], one["new"]) not in respelt]
    if changed:
        some = respelling.changed([(one["old"], one["new"]) for one in changed])
        days = sorted({one["counts_from"] for one in changed} - {None})
        early = (
            Sentence(
                f"; a succession counts only from its day ({', '.join(days)}): give it the day from which "
                "the feed has the new id",
                f"；编号变更自所填日期（{'、'.join(days)}）起才生效，请填数据中开始使用新编号的那一天",
            )
            if days
            else Sentence("", "")
        )
        yield Sentence(
            f"--households: the events that {len(changed):,} household(s) had in the run before stand under "
            f"another id ({some.en}); say so with --successions, or what they have redeemed is not the new "
            f"id's and its points can be spent again{early.en}; where the two ids are two households, give "
            "the events back to theirs, or withdraw them and enter new ones",
            f"--households：{len(changed):,} 户在上次运行中的事项现都在另一编号名下（{some.zh}）；"
            "请用 --successions 说明编号变更，"
            f"否则已兑换的不算在新编号上，其积分可再次兑换{early.zh}；"
            "两个编号本是两户的，请把事项改回原户，或撤回后重新申报",
        )


def _not_handed_over(less: Sequence[Mapping[str, Any]]) -> Iterator[Sentence]:
    """Columns and inputs that the run before had values or rows of."""
    for one in less:
        role, column, was, left = one["role"], one["column"], one["was"], one["is"]
        if column == handed_over.ROWS:
            yield Sentence(
                f"--{role}: {was - left:,} of {was:,} rows that the last run had are missing; "
                "hand them over again",
                f"--{role}：上次运行有 {was:,} 行，现少了 {was - left:,} 行，请重新提供",
            )
        else:
            yield Sentence(
                f"--{role}: the column {column}, which had {was:,} value(s) in the last run, has none any "
                "more; have it exported again",
                f"--{role}：{column} 一列上次运行有 {was:,} 处有值，现在全空或没有这一列，请重新导出",
            )


def _taken_back(
    cells: Sequence[Mapping[str, Any]], by_input: Sequence[Mapping[str, Any]], took: Mapping[str, Sentence]
) -> Iterator[Sentence]:
    """Villages whose announced points would be taken back, and each input that does so."""
    if not cells:
        return
    taken, hung = (sum(one[name] for one in cells) for name in ("taken_back", "announced"))
    some = cells_named(cells, "taken_back", "announced")
    inputs = [_did(took[one["input"]], one["households"], one["points"]) for one in by_input]
    places = list(dict.fromkeys(PLACES[one["input"]] for one in by_input))
    yield Sentence(
        f"{', '.join(places)}: {taken:,} of {hung:,} announced points would be taken back ({some.en}): "
        f"{'; '.join(did.en for did in inputs)}",
        f"{'、'.join(places)}：已公告的 {hung:,} 分中有 {taken:,} 分将被收回（{some.zh}）："
        f"{'；'.join(did.zh for did in inputs)}",
    )


def _wiped(cells: Sequence[Mapping[str, Any]], took: Mapping[str, Sentence]) -> Iterator[Sentence]:
    """Villages of which the register takes most points of the run before, though none of them hangs yet."""
    if cells:
        some, place = cells_named(cells, "gone", "awarded"), PLACES[REGISTER]
        households, points = (sum(one[name] for one in cells) for name in ("households", "gone"))
        did = _did(took[REGISTER], households, points)
        yield Sentence(
            f"{place}: most points that the run before gave are gone ({some.en}): {did.en}",
            f"{place}：上次运行的积分大部分没有了（{some.zh}）：{did.zh}",
        )


def _did(took: Sentence, households: int, points: int) -> Sentence:
    """What an input did, for how many households and points."""
    return Sentence(
        f"{took.en} ({households:,} household(s), {points:,} points)",
        f"{took.zh}（{households:,} 户，{points:,} 分）",
    )


def cells_named(cells: Sequence[Mapping[str, Any]], part: str, whole: str) -> Sentence:
    """The first villages and years, each with how much of how much."""
    first, left = cells[:NAMED_AT_MOST], len(cells) - NAMED_AT_MOST
    english = ", ".join(
        f"{one['village_id']} in {one['scoring_year']}: {one[part]:,} of {one[whole]:,}" for one in first
    )
    chinese = "，".join(
        f"{one['village_id']} {one['scoring_year']}年 {one[whole]:,} 中的 {one[part]:,}" for one in first
    )
    return Sentence(
        f"{english} and {left:,} more" if left > 0 else english,
        f"{chinese}，另有 {left:,} 处" if left > 0 else chinese,
    )
