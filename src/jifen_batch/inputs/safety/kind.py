"""What a file is by its first bytes, where that is not what its ending says, each in its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.inputs.files import IPC, PARQUET, WORKBOOK
from jifen_batch.inputs.safety import packing
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from jifen_batch.inputs.files import InputFile

LOOKED_AT = 8
PARQUET_BEGINS, IPC_BEGINS = (b"PAR1", b"PARE"), b"ARROW1"
FEATHER_V1, STREAM = b"FEA1", b"\xff\xff\xff\xff"
ZIP, COMPOUND, GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
AS_FILE = Sentence(
    "write it as an IPC file (write_ipc, not write_ipc_stream; ClickHouse: Arrow, not ArrowStream)",
    "请导出为 IPC 文件（用 write_ipc 而非 write_ipc_stream；ClickHouse 用 Arrow 而非 ArrowStream）",
)
UNPACK = Sentence("unpack it", "请先解压")


def check(file: InputFile) -> None:
    """Refuse a file that holds nothing, or something else than its ending says.

    Raises `InputRefusedError`; whatever is not known here is left to whoever reads it.
    """
    try:
        with file.path.open("rb") as source:
            first = source.read(LOOKED_AT)
    except OSError:
        return
    if not first:
        raise file.refuse(
            Sentence("is empty (0 bytes)", "是空文件（0 字节）"), Sentence("send it again", "请重新报送")
        )
    if first.startswith(STREAM):
        raise file.refuse(
            Sentence("is an Arrow IPC stream, not an IPC file", "是 Arrow IPC 流，不是 IPC 文件"), AS_FILE
        )
    if file.format == IPC:
        _check_ipc(file, first)
    found = _named(first)
    if found and found[0] != file.format:
        _, named, remedy = found
        raise file.refuse(
            Sentence(f"is no {file.format}, but {named.en}", f"不是 {file.format} 文件，而是{named.zh}"),
            remedy,
        )
    if file.format == WORKBOOK:
        _check_workbook(file, packed=found is not None)


def _check_ipc(file: InputFile, first: bytes) -> None:
    """Refuse what else is called Arrow and Feather."""
    if first.startswith(FEATHER_V1):
        raise file.refuse(
            Sentence("is Feather version 1, which is read no more", "是 Feather 第 1 版，已不再读取"),
            Sentence("write it as Feather version 2", "请导出为 Feather 第 2 版"),
        )


def _check_workbook(file: InputFile, *, packed: bool) -> None:
    """Refuse text under a workbook's name, and a workbook whose end did not come through."""
    if not packed:
        raise file.refuse(
            Sentence("is no workbook: it does not begin as one", "不是工作簿：开头就不是工作簿的写法"),
            Sentence(
                "name it .csv where it is text, or open it in Excel or WPS and save it as .xlsx",
                "是文本的请把文件名改为 .csv 结尾，或用 Excel、WPS 打开后另存为 .xlsx",
            ),
        )
    if not packing.is_packed(file.path):
        raise file.refuse(
            Sentence("breaks off: the end of the workbook is missing", "中断：缺少工作簿的结尾"),
            Sentence("send the file again", "请重新报送该文件"),
        )


def _named(first: bytes) -> tuple[str, Sentence, Sentence] | None:
    """The format that first bytes tell, its name, and what to do where another was promised."""
    if first.startswith(PARQUET_BEGINS):
        return (
            PARQUET,
            Sentence("Parquet", " Parquet"),
            Sentence("name it .parquet", "请把文件名改为 .parquet 结尾"),
        )
    if first.startswith(IPC_BEGINS):
        return (
            IPC,
            Sentence("an Arrow IPC file", " Arrow IPC 文件"),
            Sentence("name it .arrow", "请把文件名改为 .arrow 结尾"),
        )
    if first.startswith(ZIP):
        return (
            WORKBOOK,
            Sentence("a workbook or another packed file", "工作簿或别的压缩文件"),
            Sentence(
                "name a workbook .xlsx, unpack anything else",
                "是工作簿的，请把文件名改为 .xlsx 结尾；不是的请先解压",
            ),
        )
    if first.startswith(COMPOUND):
        return (
            "",
            Sentence("an old workbook (.xls), or one with a password", "旧格式（.xls）或带密码的工作簿"),
            Sentence("save it as .xlsx without a password", "请去掉密码，另存为 .xlsx"),
        )
    if first.startswith(GZIP):
        return "", Sentence("packed (gzip)", "压缩文件（gzip）"), UNPACK
    return None
