"""What may be wrong in the register and in local books, in words for the log and the manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.doubts import deserted_scopes, other_heads
from jifen_batch.engine.placed_rows import OPTIONAL
from jifen_batch.inputs import respelling, stand_ins
from jifen_batch.inputs.read_table import read_table
from jifen_batch.inputs.remark import InputRemark
from jifen_batch.inputs.words import look
from jifen_batch.kernels.successions import NEW, OLD, under_new_ids
from jifen_batch.published import announced
from jifen_batch.rules.local_ends import ending_with_base
from jifen_batch.sentence import THEN, Sentence, joined
from jifen_batch.tables.announced import ANNOUNCEMENT
from jifen_batch.tables.inputs import HOUSEHOLDERS, MERGED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.stand_ins import Lack
    from jifen_batch.kernels.places import Places
    from jifen_batch.rules import LoadedRules

NAMED_AT_MOST = 5


def of_register(
    files: Sequence[InputFile], location: str, register: pl.DataFrame, places: Places
) -> Iterator[InputRemark]:
    """Households that come back after a gap under another head; who that is, nobody is told.

    `register` as `read_register` gives it. Householders are only read where somebody comes back at all.
    """
    returning = places.households.filter("returns")["household_id"]
    if returning.is_empty():
        return
    several = register.filter(pl.col("household_id").is_in(returning.implode()))
    several = several.select("household_id", "enrolled_on", "left_on")
    heads = read_table(files, HOUSEHOLDERS).rows
    heads = heads.with_columns(under_new_ids(heads["household_id"], places.renamed))
    spells = several.join(heads, on=["household_id", "enrolled_on"], how="left")
    found = other_heads(spells)
    if found.len():
        yield InputRemark(
            "households",
            location,
            Sentence(
                f"household(s) {_first(found).en} come back after a gap under another householder: check "
                "that the id was not given to somebody else",
                f"户 {_first(found).zh} 中断后再次入册，户主换了：请核对编号是否给了另一户",
            ),
        )


def of_books(books: LoadedRules, location: str, register: pl.DataFrame, day: date) -> Iterator[InputRemark]:
    """Local books in whose place nobody is enrolled any more, and those that end because their base does."""
    deserted = deserted_scopes(books.tables, register, day)
    for (name,), places in deserted.group_by("book", maintain_order=True):
        yield InputRemark(
            "rules",
            location,
            Sentence(
                f"book {name}: nobody is enrolled any more in {_first(places['place_id']).en}; if its code "
                "has changed, name the new one in the scope",
                f"细则 {name}：所管的 {_first(places['place_id']).zh} 已没有在册户；"
                "编号如有变更，请在 scope 中改为新编号",
            ),
        )
    for lacking in books.unknown_scopes(register, respelling.of_scope):
        yield InputRemark(
            "rules",
            lacking.file,
            Sentence(
                f"line {lacking.line}: {lacking.problem.en}; {lacking.remedy.en}",
                f"第 {lacking.line} 行：{lacking.problem.zh}；{lacking.remedy.zh}",
            ),
        )
    for book, last in ending_with_base(books.layered):
        if last <= day.year:
            yield InputRemark(
                "rules",
                location,
                Sentence(
                    f"book {book.head.id}: ends with {last} only because the book that it extends does; give "
                    "it a last_year of its own, or let it extend the next one",
                    f"细则 {book.head.id}：只因所继承的细则到 {last} 年为止而到期；"
                    "请写明自己的 last_year，或改为继承下一本",
                ),
            )


def unregistered(out: Path, places: Places) -> pl.Series:
    """Households of which announced points hang and that the register does not have any more: ids, sorted."""
    hung = announced.scan(out, ANNOUNCEMENT, announced.quarters(out), places.renamed)
    known = places.households.lazy().select("household_id")
    gone = hung.join(known, on="household_id", how="anti").group_by("household_id").agg(pl.col("net").sum())
    return gone.filter(pl.col("net") != 0).collect(engine="streaming")["household_id"].sort()


def of_villages(
    location: str | None, villages: pl.DataFrame, register: pl.DataFrame
) -> Iterator[InputRemark]:
    """Places that the list writes otherwise than the register: their total would stand beside nobody."""
    if location is None:
        return
    for column in ("town_id", "village_id"):
        listed, ours = (one[column].cast(pl.String).unique() for one in (villages, register))
        known = ours.filter(~ours.is_in(listed.implode()))
        unknown = listed.filter(~listed.is_in(ours.implode()))
        for said, _ in _respelt("villages", column, known, unknown):
            yield InputRemark("villages", location, said)


def of_announced(location: str, ids: pl.Series, places: Places) -> Iterator[InputRemark]:
    """Households of which announced points hang, and that the register does not have any more: `ids`."""
    pairs = respelling.pairs(ids, places.households["household_id"]) if ids.len() else []
    if pairs:
        yield InputRemark("households", location, respelling.as_now("household_id", pairs))
    ids = ids.filter(~ids.is_in([old for old, _ in pairs]))
    if ids.len():
        yield InputRemark(
            "households",
            location,
            Sentence(
                f"{ids.len():,} household(s) {_first(ids).en} have announced points and are not in the "
                "register: bring their rows back, with a left_on where they have left, or say with "
                "--successions which id each has now",
                f"名册中没有 {ids.len():,} 户 {_first(ids).zh}，而他们有已公告的积分：请恢复这些行，"
                "已退出的填 left_on；换了编号的用 --successions 说明",
            ),
        )


def of_successions(location: str | None, successions: pl.DataFrame, places: Places) -> Iterator[InputRemark]:
    """Households that successions name and the register does not have: nobody's points come to them.

    The new id of any, and the old one of a wallet that passes.
    """
    if successions.is_empty():
        return
    known = places.households["household_id"]
    named = pl.concat([successions[NEW], successions.filter(pl.col("kind") == MERGED)[OLD]])
    named = under_new_ids(named, places.renamed).unique().sort()
    unknown = named.filter(~named.is_in(known.implode()))
    for said, respelt in _respelt("successions", f"{OLD}, {NEW}", known, unknown):
        yield InputRemark("successions", location or "", said)
        unknown = unknown.filter(~unknown.is_in(respelt))
    if unknown.len():
        yield InputRemark(
            "successions",
            location or "",
            Sentence(
                f"household(s) {_first(unknown).en} that the register does not have: correct the id, or give "
                "them their spells",
                f"名册中没有这些户：{_first(unknown).zh}；请更正户编号，或在名册中补上其参加期",
            ),
        )


def of_kinds(books: LoadedRules, location: str, register: pl.DataFrame) -> Iterator[InputRemark]:
    """Kinds of households that rules ask for, and that the register writes nearly so: no rule sees those."""
    asked = {*books.tables.kinds["kind"]}
    there = register["kind"].cast(pl.String).drop_nulls().unique()
    by_look = {look(kind): kind for kind in asked}
    for kind in sorted({*there} - asked):
        if meant := by_look.get(look(kind)):
            yield InputRemark(
                "households",
                location,
                Sentence(
                    f"the kind {kind!r} is nearly {meant!r}, which rules ask for; write it just so",
                    f"户类别 {kind!r} 很像细则所写的 {meant!r}，但不相同；请照细则的写法填写",
                ),
            )


def of_groups(location: str, register: pl.DataFrame) -> Iterator[InputRemark]:
    """Groups of one village that look alike and are not the same: their households stand in two lists."""
    if register["group_id"].null_count() == register.height:
        return
    groups = register.select("village_id", pl.col("group_id").cast(pl.String)).drop_nulls().unique()
    seen = pl.Series(map(look, groups["group_id"]), dtype=pl.String)
    alike = groups.filter(groups.select("village_id", seen=seen).is_duplicated()).sort(groups.columns)
    for (village,), rows in alike.group_by("village_id", maintain_order=True):
        names = [repr(name) for name in rows["group_id"]]
        yield InputRemark(
            "households",
            location,
            Sentence(
                f"groups of village {village} that look alike are taken for several: {', '.join(names)}; "
                "write each one way",
                f"村 {village} 有写法相近的组，按不同的组处理：{'、'.join(names)}；同一组请写成一样",
            ),
        )


def of_events(lacks: Sequence[Lack], filled: Mapping[str, int]) -> Iterator[InputRemark]:
    """Files that lack an optional column in which others of theirs have values: there it is all empty.

    Then headers that may stand for a column which is empty in all of them. `lacks` are columns, each with the
    file that has it not and such a header; `filled` counts the values of each.
    """
    for column, count in filled.items():
        files = sorted({file for name, file, _ in lacks if name == column and count})
        if files:
            named = _first(pl.Series(files))
            yield InputRemark(
                "events",
                files[0],
                Sentence(
                    f"no column {column}, in which other files of this input have values, is in {named.en}; "
                    "it is taken as empty there: have the file exported again where it is not",
                    f"{named.zh} 没有 {column} 一列，而同一输入的其他文件有值；"
                    "这些文件按空值读入，本该有值的请重新导出",
                ),
            )
    yield from stand_ins.remarks("events", lacks, [column for column in OPTIONAL if not filled.get(column)])


def of_columns(lacks: Sequence[Lack], filled: Mapping[str, int]) -> Iterator[InputRemark]:
    """Headers of the register that may stand for a column which is empty in all of it."""
    empty = [column for column, count in filled.items() if not count]
    yield from stand_ins.remarks("households", lacks, empty)


def of_unreadable(rows: pl.DataFrame) -> Iterator[InputRemark]:
    """Rows of events that cannot be read, and so are rejects: `source_file` and `source_row` of each."""
    if rows.height:
        first = rows.sort("source_file", "source_row").head(NAMED_AT_MOST).rows()
        more = rows.height - len(first)
        english = ", ".join(f"{file} row {row:,}" for file, row in first)
        chinese = "、".join(f"{file} 第 {row} 行" for file, row in first)
        yield InputRemark(
            "events",
            first[0][0],
            Sentence(
                f"{rows.height:,} row(s) cannot be read and are rejects: {english}"
                f"{f' and {more:,} more' if more else ''}; why is in column detail of rejects/ and on the "
                "work list",
                f"{rows.height:,} 行无法读取，已退回：{chinese}{f' 等，另有 {more:,} 行' if more else ''}；"
                "原因见 rejects/ 的 detail 列和待办清单",
            ),
        )


def of_redemptions(
    location: str | None, redemptions: pl.DataFrame | None, places: Places
) -> Iterator[InputRemark]:
    """Redemptions of households that the register does not have: their points are nobody's wallet's."""
    if location is None or redemptions is None:
        return
    known = places.households["household_id"]
    unknown = redemptions.filter(~pl.col("household_id").is_in(known.implode()))
    for said, respelt in _respelt("redemptions", "household_id", known, unknown["household_id"]):
        yield InputRemark("redemptions", location, said)
        unknown = unknown.filter(~pl.col("household_id").is_in(respelt))
    ids = unknown["household_id"].unique().sort()
    if unknown.height:
        yield InputRemark(
            "redemptions",
            location,
            Sentence(
                f"{unknown.height:,} redemption(s), {unknown['points'].sum():,} points, of household(s) "
                f"{_first(ids).en} that the register does not have; correct the id, or say with "
                "--successions which one it is now",
                f"{unknown.height:,} 笔兑换共 {unknown['points'].sum():,} 分，"
                f"名册中没有这些户：{_first(ids).zh}；"
                "请更正户编号，换了编号的用 --successions 说明",
            ),
        )


def _respelt(
    role: str, column: str, known: pl.Series, unknown: pl.Series
) -> Iterator[tuple[Sentence, list[str]]]:
    """What is said of unknown ids that an input or the register, whose ids are known, writes otherwise.

    With those ids; nothing where there are none.
    """
    pairs = respelling.counterparts(known, unknown) if unknown.len() else []
    if pairs:
        said = joined(respelling.between("--households", f"--{role}", column, pairs), THEN)
        yield said, [here for _, here in pairs]


def _first(ids: pl.Series) -> Sentence:
    """The first few ids, and how many there are beyond."""
    more, named = ids.len() - NAMED_AT_MOST, ids.head(NAMED_AT_MOST)
    return Sentence(
        ", ".join(named) + (f" and {more} more" if more > 0 else ""),
        "、".join(named) + (f" 等，另有 {more} 个" if more > 0 else ""),
    )
