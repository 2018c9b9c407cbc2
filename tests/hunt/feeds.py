"""Ways of the events' files: how they were saved, sent, copied and filled in."""

from __future__ import annotations

import gzip
from datetime import datetime

import polars as pl

from hunt.way import End, way
from hunt.world import World, service, text_of

FILE = "events.csv"


def saved(world: World, change=lambda text: text, **style) -> None:
    """Write the events anew, their text changed."""
    world.put(FILE, change(text_of(world.events, **style)))


def beside(world: World, name: str, content: str | bytes, feed: str = "in/04.csv") -> None:
    """The feed in a folder of which all is read, and something beside it."""
    world.put(feed, text_of(world.events))
    world.put(name, content)
    world.options |= {"events": str(world.at("in"))}


def each(world: World, column: str, change) -> None:
    """Change a column of all events."""
    for row in world.events:
        row[column] = change(row[column])
    saved(world)


def one(world: World, **cells) -> dict[str, int | None]:
    """Change the last household's hour of service; it loses its line."""
    row = next(row for row in world.events if row["event_id"] == "S002006")
    row |= cells
    saved(world)
    return {"S002006": None}


@way("the upload broke off in the middle of a row", "上传到一行中间断了", End.REFUSED, "breaks off in row")
def broke_off(world):
    saved(world, lambda text: text[:-14])


@way("the upload broke off at the end of a row", "上传恰好断在一行末尾", End.STOPPED, "--events", "missing")
def broke_off_at_a_row(world):
    saved(world, lambda text: "".join(text.splitlines(keepends=True)[:14]))


@way("the upload broke off within the last cell", "上传断在最后一格里", End.TOLD, "no line end", "events.csv")
def broke_off_in_the_last_cell(world):
    saved(world, lambda text: text[:-2])


@way("only the header arrived", "只传来表头", End.STOPPED, "--events")
def header_alone(world):
    saved(world, lambda text: text.splitlines(keepends=True)[0])


@way("the upload broke off within the header", "上传断在表头里", End.TOLD, "nothing but a header", "05.csv")
def broke_off_in_the_header(world):
    beside(world, "in/05.csv", ",".join(world.events[0])[:-4])


@way("the file is empty", "文件是空的", End.REFUSED, "is empty (0 bytes)")
def nothing(world):
    world.put(FILE, "")


@way("the file is a gzip under its old name", "改了名的压缩文件", End.REFUSED, "events.csv")
def zipped(world):
    world.put(FILE, gzip.compress(text_of(world.events).encode()))


@way("NUL bytes after a crash of the sender", "发送方死机后留下 NUL 字节", End.REFUSED, "events.csv")
def nul_bytes(world):
    saved(world, lambda text: text[:900] + "\0" * 512 + text[1412:])


@way("a comma was lost in a row", "一行少了一个逗号", End.REJECTED, "unreadable_row", "events.csv row 25")
def comma_lost(world):
    saved(world, lambda text: text.replace("S002006,002006", "S002006002006", 1))
    return {"S002006": None}


@way("a remark with a comma of its own", "备注里多出一个逗号", End.REJECTED, "unreadable_row")
def comma_more(world):
    one(world, member_id="1")
    saved(world, lambda text: text.replace("S002006,", "S002006,,", 1))
    return {"S002006": None}


@way("a quotation mark that nothing closes", "引号没有配对", End.REFUSED, "events.csv")
def open_quote(world):
    saved(world, lambda text: text.replace(",植树,", ',"植树,', 1))


@way("most rows are a field short", "多数行少一格", End.REFUSED, "events.csv")
def short_rows(world):
    saved(world, lambda text: "\r\n".join(
        line if at % 3 == 0 else line.rpartition(",")[0] for at, line in enumerate(text.split("\r\n"))
    ))  # fmt: skip


@way("saved with semicolons", "用分号分隔保存", End.READ)
def semicolons(world):
    saved(world, delimiter=";")


@way("saved by Excel in GB18030", "Excel 另存为 GB18030", End.READ)
def chinese_encoding(world):
    world.put(FILE, text_of(world.events).encode("gb18030"))


@way("saved as Unicode text, UTF-16", "另存为 Unicode 文本（UTF-16）", End.READ)
def unicode_text(world):
    world.put(FILE, text_of(world.events, delimiter="\t").encode("utf-16"))


@way("saved in Big5, which reads as GB18030 as well", "存成 Big5，按 GB18030 也读得通", End.TOLD, "Big5")
def traditional_encoding(world):
    world.put(FILE, text_of(world.events).replace("植树", "東村植樹").encode("big5"))


@way(
    "saved in Shift-JIS, which reads as GB18030 as well",
    "存成 Shift-JIS，按 GB18030 也读得通",
    End.TOLD,
    "Shift-JIS",
)
def japanese_encoding(world):
    world.put(FILE, text_of(world.events).replace("植树", "植樹の承認").encode("cp932"))


@way("the header of the quantity is short for ours: qty", "数量的表头写成了简称 qty", End.STOPPED, "quantity")
def short_header(world):
    world.put(FILE, text_of(world.events).replace("quantity", "qty", 1))


@way("two exports of two encodings pasted together", "两种编码的导出拼在一起", End.REFUSED, "UTF-8")
def two_encodings(world):
    text = text_of(world.events)
    half = text.rindex("\r\n", 0, len(text) // 2) + 2
    world.put(FILE, text[:half].encode() + text[half:].encode("gb18030"))


@way("a title above the header", "表头上面有标题", End.REFUSED, "row 1 is no header")
def title(world):
    saved(world, lambda text: "桃花村积分登记表,,,,,,,,,,\r\n" + text)


@way("a total below", "表尾有合计行", End.REJECTED, "missing_field")
def total(world):
    saved(world, lambda text: text + "合计,,,,,,,,,27,\r\n")


for near in ("Until", "until ", "ｕｎｔｉｌ", "un\u200btil", "UNTIL"):

    @way(f"the header {near!a} for until", f"表头 until 写成 {near!a}", End.REFUSED, "nearly until")
    def near_header(world, near=near):
        saved(world, lambda text: text.replace("until", near, 1))


for apart in ("until_", "un-til", "Un til", "untill", "utnil"):

    @way(f"the header {apart!a} for until", f"表头 until 写成 {apart!a}", End.REFUSED, "nearly until")
    def header_apart(world, apart=apart):
        saved(world, lambda text: text.replace("until", apart, 1))


@way(
    "a header as programs write it",
    "表头写成程序里的 occurredOn",
    End.REFUSED,
    "nearly occurred_on",
)
def header_of_programs(world):
    saved(world, lambda text: text.replace("occurred_on", "occurredOn", 1))


@way("another column whose name is nearly ours, beside ours", "另有一列名称与本列只差分隔", End.READ)
def header_beside(world):
    world.events = [{**row, "eventId": "x"} for row in world.events]
    saved(world)


@way("a header twice", "表头重复", End.REFUSED, "twice")
def header_twice(world):
    saved(world, lambda text: text.replace("matter_id", "quantity", 1))


@way("the export dropped a column that had values", "导出漏掉了原来有值的一列", End.STOPPED, "until")
def column_dropped(world):
    for row in world.events:
        del row["until"]
    saved(world)


@way("the export left a column empty that had values", "导出把原来有值的一列留空", End.STOPPED, "until")
def column_emptied(world):
    each(world, "until", lambda _: None)


@way(
    "the export left the day of all rows empty",
    "导出把所有行的日期留空",
    End.STOPPED,
    "occurred_on",
    "26 row(s)",
)
def day_emptied(world):
    each(world, "occurred_on", lambda _: None)
    world.options |= {"max_reject_rate": 1.0}


@way("the quantity's column is gone", "次数一列不见了", End.STOPPED, "--events")
def quantity_dropped(world):
    for row in world.events:
        del row["quantity"]
    saved(world)


@way("the same file twice in the folder", "文件夹里同一文件有两份", End.READ)
def copy_beside(world):
    for name in ("events.csv", "events (1).csv"):
        world.put(f"in/{name}", text_of(world.events))
    world.options |= {"events": str(world.at("in"))}


@way("last month's export beside this one", "上月的导出还在文件夹里", End.READ)
def older_beside(world):
    older = [row | {"status": "assessed", "recorded_at": "2023-01-07 09:00:00"} for row in world.events]
    beside(world, "in/03.csv", text_of(older))


@way(
    "last month's export beside this one, without recorded_at",
    "同上，且没有 recorded_at 一列",
    End.STOPPED,
    "--events",
)
def older_undated(world):
    rows = [{name: cell for name, cell in row.items() if name != "recorded_at"} for row in world.events]
    world.put("in/04.csv", text_of(rows))
    world.put("in/03.csv", text_of([row | {"status": "assessed"} for row in rows]))
    world.options |= {"events": str(world.at("in"))}


@way(
    "last month's file beside its copy that Excel saved",
    "上月的文件旁边有 Excel 另存的一份",
    End.TOLD,
    "written otherwise",
    "leave only one of the two files",
    "03.csv",
)
def copy_beside_with_other_ids(world):
    copied = [row | {"event_id": f"{row['event_id']}.0"} for row in world.events]
    beside(world, "in/03.csv", text_of(copied))
    # What counts once a month or matter is there already.
    return {row["event_id"]: 5 if row["item"] == "landlord.talk" else 0 for row in copied}


@way("a file of several lacks a column", "几个文件中有一个缺一列", End.TOLD, "no column until", "b.csv")
def column_in_some(world):
    without = [{name: cell for name, cell in row.items() if name != "until"} for row in world.events[:2]]
    world.put("in/a.csv", text_of(world.events[2:]))
    world.put("in/b.csv", text_of(without))
    world.options |= {"events": str(world.at("in"))}
    # Its pledge runs on; the third month end is the last that has come.
    return {}


for ending in (".xls", ".et", ".json", ".csv.gz", ".zip"):

    @way(f"a month came as {ending}", f"有一个月的文件是 {ending}", End.REFUSED, ending[-3:])
    def foreign(world, ending=ending):
        beside(world, f"in/05{ending}", b"PK")


@way("Excel has a workbook of the folder open", "Excel 正打开文件夹里的工作簿", End.TOLD, "~$04.xlsx")
def lock_file(world):
    beside(world, "in/~$04.xlsx", b"\x06Admin" + b"\0" * 159)


@way("an upload is still going on", "还有文件正在上传", End.TOLD, "05.csv.part")
def still_going(world):
    beside(world, "in/05.csv.part", "event_id")


@way("a folder of one of the lake formats", "湖仓格式的文件夹", End.REFUSED, "live")
def delta(world):
    beside(world, "in/_delta_log/0.json", "{}")


@way("a partition copied out of a lake table", "从湖仓表里拷出来的分区", End.REFUSED, "Hudi")
def hudi_partition(world):
    beside(world, "in/.hoodie_partition_metadata", "commitTime=1")


@way("an Iceberg table whose metadata are packed", "元数据被压缩的 Iceberg 表", End.REFUSED, "Iceberg")
def iceberg_packed(world):
    beside(world, "in/metadata/00001-a.metadata.json.gz", "", feed="in/data/04.csv")


@way("a bucket of a Paimon table", "Paimon 表的一个桶", End.REFUSED, "Paimon")
def paimon(world):
    beside(world, "in/schema/schema-0", "{}", feed="in/day=1/bucket-0/04.csv")
    world.options |= {"events": str(world.at("in/day=1/bucket-0"))}


@way("an end of file as FoxPro writes it", "FoxPro 写的文件结束符", End.READ)
def end_of_dos(world):
    saved(world, lambda text: text + "\x1a")


@way("a stream of Arrow called .parquet", "名为 .parquet 的 Arrow 流", End.REFUSED, "Arrow IPC stream")
def stream_as_parquet(world):
    pl.DataFrame(world.events).write_ipc_stream(world.at("events.parquet"))
    world.options |= {"events": str(world.at("events.parquet"))}


@way("a Hive folder that says otherwise than its file", "分区文件夹与文件内容矛盾", End.REFUSED, "status")
def hive(world):
    world.put("in/status=declared/04.csv", text_of(world.events))
    world.options |= {"events": str(world.at("in"))}


@way("days as 17/02/2023", "日期写成 17/02/2023", End.REFUSED, "occurred_on")
def days_first(world):
    each(world, "occurred_on", lambda day: "/".join(reversed(day.split("-"))))


@way("a year of two digits", "年份只写两位", End.REJECTED, "unreadable_row")
def short_year(world):
    return one(world, occurred_on="23/2/11")


@way("30 February", "2月30日", End.REJECTED, "unreadable_row")
def no_such_day(world):
    return one(world, occurred_on="2023-02-30")


@way("days as Excel's serial numbers", "日期成了 Excel 序列号", End.READ)
def serial(world):
    def number(day):
        return day and (datetime.fromisoformat(day) - datetime(1899, 12, 30)).days  # noqa: DTZ001 - no zone

    for column in ("occurred_on", "decided_on", "until"):
        each(world, column, number)


@way("days counted from 1904, as old Macs do", "1904 日期系统（旧 Mac）", End.STOPPED, "--events")
def serial_of_1904(world):
    for row in world.events:
        for column in ("occurred_on", "decided_on", "until"):
            day = row[column]
            row[column] = day and (datetime.fromisoformat(day) - datetime(1904, 1, 1)).days  # noqa: DTZ001 - no zone
    saved(world)
    world.options |= {"max_reject_rate": 1.0}


@way("a day ten years early", "年份早写了十年", End.REJECTED, "no_rule_book")
def decade(world):
    return one(world, occurred_on="2013-02-11")


@way("a quantity in full-width digits", "次数是全角数字", End.READ)
def full_width(world):
    each(world, "quantity", lambda count: count and chr(0xFF10 + count))


@way("a quantity as 2.0", "次数成了 2.0", End.READ)
def decimal(world):
    each(world, "quantity", lambda count: count and f"{count}.0")


for quantity in ("2次", "2.5", "两", "1,000", "2-3"):

    @way(f"a quantity of {quantity}", f"次数写成 {quantity}", End.REJECTED, "unreadable_row")
    def odd_quantity(world, quantity=quantity):
        return one(world, quantity=quantity)


for quantity in ("0", "-2", "2000"):

    @way(f"a quantity of {quantity}", f"次数为 {quantity}", End.REJECTED, "bad_quantity")
    def wrong_quantity(world, quantity=quantity):
        return one(world, quantity=quantity)


@way("a status in Chinese", "状态写成中文", End.REJECTED, "unknown_status")
def chinese_status(world):
    return one(world, status="认定")


@way("all states in Chinese, without a mapping", "状态全为中文而没有对照表", End.STOPPED, "status")
def all_chinese(world):
    each(world, "status", lambda _: "认定")
    world.options |= {"max_reject_rate": 1.0}


@way(
    "two rows in Chinese of what nothing hangs, at the usual limit",
    "两行新事项状态为中文，退回上限为默认值",
    End.TOO_MANY,
    "unknown_status",
)
def too_many(world):
    news = (service("002005"), service("002006"))
    world.events += [row | {"event_id": f"N{row['event_id']}", "status": "认定"} for row in news]
    saved(world)
    world.options |= {"max_reject_rate": 0.05}


@way("a state in capitals", "状态写成大写", End.REJECTED, "unknown_status")
def capitals(world):
    return one(world, status="Approved")


@way("all approvals fell back to assessed", "认定全部退回到评定", End.STOPPED, "status")
def fell_back(world):
    each(world, "status", lambda _: "assessed")


@way("an item's code with a blank behind it", "事项代码末尾有空格", End.REJECTED, "volunteer.service")
def blank_behind(world):
    return one(world, item="volunteer.service ")


@way("an item's code with a sign nobody sees", "事项代码里有看不见的字符", End.REJECTED, "volunteer.service")
def unseen_sign(world):
    return one(world, item="volunteer\u200b.service")


@way(
    "household ids lost their leading zeros",
    "户编号丢了前导零",
    End.STOPPED,
    "as text",
    "'1001' for '001001'",
)
def zeros_lost(world):
    each(world, "household_id", lambda name: name.lstrip("0"))
    world.options |= {"max_reject_rate": 1.0}


@way("household ids as 1001.0", "户编号成了 1001.0", End.STOPPED, "--events", "as text")
def made_floats(world):
    each(world, "household_id", lambda name: f"{float(name)}")
    world.options |= {"max_reject_rate": 1.0}


@way("one id as 9.90113E+11", "有一个编号成了 9.90113E+11", End.REFUSED, "9.90113E+11")
def scientific(world):
    one(world, household_id="9.90113E+11")


@way("event numbers that begin at 1 each month", "事项编号每月从 1 开始", End.STOPPED, "--events")
def begin_again(world):
    for number, row in enumerate(world.events):
        row["event_id"] = f"{number % 9}"
    saved(world)
    world.options |= {"max_reject_rate": 1.0}


@way("event ids made anew by each export", "每次导出都重编事项编号", End.STOPPED, "--events")
def made_anew(world):
    each(world, "event_id", lambda name: f"x{name}")


@way("no household in a row", "有一行没有户编号", End.REJECTED, "missing_field")
def no_household(world):
    return one(world, household_id=None)


@way("a blank behind a household's id", "户编号末尾有空格", End.REJECTED, "002006")
def blank_in_id(world):
    return one(world, household_id="002006 ")


@way("a personal number in the member's column", "成员栏写了身份证号", End.REJECTED, "personal_number")
def personal_number(world):
    return one(world, member_id="310113197001010011")


@way("a pledge that ends before it begins", "承诺截止早于开始", End.REJECTED, "until_before_start")
def ends_early(world):
    row = next(row for row in world.events if row["event_id"] == "P002006")
    row["until"] = "2022-12-31"
    saved(world)
    return {"P002006": None}


@way("blank rows between", "中间有空行", End.READ)
def blank_rows(world):
    saved(world, lambda text: text.replace("\r\n", "\r\n,,,,,,,,,,\r\n", 5))


@way("names of people in a column of their own", "多出一列姓名", End.READ)
def names_beside(world):
    world.events = [{**row, "姓名": "沈长庚"} for row in world.events]
    saved(world)


@way("times of record in UTC, said by a Z", "录入时间是带 Z 的 UTC", End.READ)
def said_utc(world):
    withdrawn = service("002006") | {"status": "withdrawn", "recorded_at": "2023-04-21T16:30:00Z"}
    world.events.append(withdrawn)
    saved(world)


@way("a source whose clock runs a day ahead", "来源系统时钟快一天", End.STOPPED, "recorded_at", "clock")
def clock_ahead(world):
    each(world, "recorded_at", lambda _: "2023-04-22 08:00:00")


@way("a checksum beside the file that is not its own", "旁边的校验值对不上", End.REFUSED, ".sha256")
def other_checksum(world):
    world.put("events.csv.sha256", "0" * 64)


@way("a typing error in the path", "路径写错", End.REFUSED, "no such file")
def wrong_path(world):
    world.options |= {"events": str(world.at("evnets.csv"))}


@way("a timestamp of Spark, INT96 in UTC", "Spark 的 INT96 时间（UTC）", End.READ)
def int96(world):
    rows = pl.DataFrame(world.events).with_columns(
        pl.col("occurred_on", "decided_on", "until").str.to_date(),
        pl.col("recorded_at").str.to_datetime() - pl.duration(hours=8),
    )
    late = rows.filter(pl.col("event_id") == "S002006").with_columns(
        recorded_at=pl.lit(datetime(2023, 4, 21, 16)),  # noqa: DTZ001 - 22 April in Shanghai: not visible
        status=pl.lit("withdrawn"),
    )
    pl.concat([rows, late]).write_parquet(
        world.at("events.parquet"),
        use_pyarrow=True,
        pyarrow_options={"use_deprecated_int96_timestamps": True},
    )
    world.options |= {"events": str(world.at("events.parquet"))}
