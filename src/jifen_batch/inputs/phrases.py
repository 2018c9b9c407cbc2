"""Parts of sentences that refusals of many inputs share, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

ROWS_TOLD = 20
NO_YEAR = Sentence("is not within 2000 to 2099", "不在 2000 至 2099 年之间")
IS_EMPTY = Sentence("is empty", "是空的")
FILL_IN = Sentence(
    "fill it in: of merged cells only the first holds the text (fill_down under [file] of --mapping)",
    "请填写；合并的单元格只有第一格有内容（可用 --mapping 的 [file] 中的 fill_down）",
)
CORRECT_DATE = Sentence("correct the date", "请改正日期")
ONE_OF_THEM = Sentence("write one of them", "请写其中之一")
KEEP_ONE = Sentence("keep one of them", "请只保留一个")
IN_THAT_TYPE = Sentence("write the column in that type", "请用这一类型重新导出该列")
AS_PARQUET = Sentence("send it as Parquet", "请改用 Parquet 格式报送")
ONLY_NEEDED = Sentence("send only the columns that are needed", "请只报送需要的列")
SEND_WHOLE = Sentence("send the file again, whole", "请重新报送完整的文件")
FETCH_AGAIN = Sentence("fetch the file again", "请重新取得该文件")
PERMISSIONS = Sentence("check the file and its permissions", "请检查该文件及其权限")


def rows_named(numbers: pl.Series) -> Sentence:
    """The first rows of these numbers as part of a sentence."""
    first = [str(number) for number in numbers.head(ROWS_TOLD)]
    more = numbers.len() - ROWS_TOLD
    return Sentence(
        f"row{'s' if numbers.len() > 1 else ''} {', '.join(first)}{f' and {more} more' if more > 0 else ''}",
        f"第 {'、'.join(first)} 行{f'和另外 {more} 行' if more > 0 else ''}",
    )


def in_column(column: str, numbers: pl.Series, problem: Sentence) -> Sentence:
    """A problem with the column and the rows in which it stands."""
    rows = rows_named(numbers)
    return Sentence(f"column {column}, {rows.en}: {problem.en}", f"{column} 列{rows.zh}：{problem.zh}")


def none_of(words: Iterable[str]) -> Sentence:
    """What is wrong with a cell that holds none of these words."""
    listed = list(words)
    return Sentence(f"is none of {', '.join(listed)}", f"不是 {'、'.join(listed)} 之一")


def another_type(column: str, found: str, wanted: Sentence) -> Sentence:
    """What is wrong with a column of a type that cannot be read as ours."""
    return Sentence(
        f"column {column} is {found}, wanted is {wanted.en}", f"{column} 列的类型是 {found}，应为{wanted.zh}"
    )
