"""Bytes of a text file as UTF-8: Excel in China writes GB18030, its Unicode text is UTF-16 (specification 2).

An encoding is what all bytes fit; a file that fits one but for a few is that one, damaged, and is never
read as another.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from jifen_batch.inputs.phrases import SEND_WHOLE
from jifen_batch.inputs.safety import limits
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from jifen_batch.errors import InputRefusedError
    from jifen_batch.inputs.files import InputFile

BOM = codecs.BOM_UTF8
UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
UTF8, GB18030, UTF16 = "utf-8", "gb18030", "utf-16"
CHUNK_BYTES = 1 << 22
# What FoxPro and its like write behind the last line.
END_OF_DOS = b"\x1a"
LONE_RETURN = rb"\r(?!\n)"
CHINESE_IN_UTF8 = "[\u3000-\u9fff\uff00-\uffef]{3}|[\u4e00-\u9fff]{2}"
SAVE_AGAIN = Sentence("save it again as CSV UTF-8", "请重新另存为 CSV UTF-8")
ANY_ENCODING = Sentence(
    "UTF-8, GB18030 or UTF-16 with its byte order mark", "UTF-8、GB18030 或带字节顺序标记的 UTF-16"
)
# Of signs beyond ASCII in UTF-8 so many are whole for each that is not; in GB18030 hardly any is.
WHOLE_PER_BROKEN = 4


def utf8_of(file: InputFile, content: bytes, encoding: str | None) -> bytes:
    """A text file's content in UTF-8, without a byte order mark, lines ended by newlines.

    `encoding` is the mapping's, null = UTF-8, else GB18030, else UTF-16 with its mark. Raises
    `InputRefusedError` for what is no text in it.
    """
    text = _utf8_of(file, content.removesuffix(END_OF_DOS), encoding)
    if b"\0" in text:
        raise file.refuse(_no_text(Sentence(encoding, encoding) if encoding else ANY_ENCODING), SAVE_AGAIN)
    if text.count(b"\r") == text.count(b"\r\n"):
        return text
    # Macs of old ended lines so; among newlines the sign alone is a slip within a line.
    return re.sub(LONE_RETURN, b" " if b"\n" in text else b"\n", text)


def _utf8_of(file: InputFile, content: bytes, encoding: str | None) -> bytes:
    """The content in UTF-8, whatever signs it holds."""
    if content.startswith(UTF16_BOMS) and encoding in {None, UTF16}:
        return _recoded(file, content, UTF16)
    if content.startswith(BOM) and encoding in {None, UTF8}:
        content = content.removeprefix(BOM)
        encoding = UTF8
    if encoding is None:
        encoding = _told(file, content)
    if encoding == UTF8:
        _check_utf8(file, content)
        return content
    return _recoded(file, content, encoding)


def _told(file: InputFile, content: bytes) -> str:
    """The encoding that the bytes fit: UTF-8, though it may be damaged, or GB18030."""
    broken = _first_broken(content)
    if broken is None:
        return UTF8
    sample = content[: CHUNK_BYTES + broken]
    shown = sample.decode(UTF8, errors="replace")
    lost = shown.count("\N{REPLACEMENT CHARACTER}")
    whole = sum(not sign.isascii() for sign in shown) - lost
    if whole > (0 if _is_cut(content, broken) else WHOLE_PER_BROKEN * lost):
        raise _broken(file, content, broken)
    _refuse_both(file, content)
    return GB18030


def _refuse_both(file: InputFile, content: bytes) -> None:
    """Refuse text of which some rows are Chinese in UTF-8 and others are not UTF-8: two files in one.

    Read as GB18030, the former would be other words. A row of GB18030 is hardly ever three signs of UTF-8.
    """
    kinds: dict[bool, int] = {}
    for row, line in enumerate(content.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            in_utf8 = re.search(CHINESE_IN_UTF8, line.decode(UTF8)) is not None
        except UnicodeDecodeError:
            in_utf8 = False
        kinds.setdefault(in_utf8, row)
        if len(kinds) > 1:
            raise file.refuse(
                Sentence(
                    f"row {kinds[True]} is UTF-8 and row {kinds[False]} is GB18030",
                    f"第 {kinds[True]} 行是 UTF-8，第 {kinds[False]} 行是 GB18030",
                ),
                Sentence(
                    "save each of the files that were put together as CSV UTF-8",
                    "请把拼在一起的各个文件分别另存为 CSV UTF-8",
                ),
            )


def _first_broken(content: bytes) -> int | None:
    """The first byte that is not UTF-8; null where all are."""
    decoder = codecs.getincrementaldecoder(UTF8)()
    for at in range(0, len(content), CHUNK_BYTES):
        last = at + CHUNK_BYTES >= len(content)
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(content[at : at + CHUNK_BYTES], final=last)
        except UnicodeDecodeError as error:
            return at - held + error.start
    return None


def _check_utf8(file: InputFile, content: bytes) -> None:
    """Refuse what is not UTF-8, where nothing else is meant."""
    broken = _first_broken(content)
    if broken is not None:
        raise _broken(file, content, broken)


def _recoded(file: InputFile, content: bytes, encoding: str) -> bytes:
    """Text of another encoding in UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)()
    recoded = bytearray()
    try:
        for at in range(0, len(content), CHUNK_BYTES):
            last = at + CHUNK_BYTES >= len(content)
            recoded += decoder.decode(content[at : at + CHUNK_BYTES], final=last).encode()
            if len(recoded) > limits.CSV_BYTES_MAX:
                raise limits.too_much_csv(file, len(recoded))
    except UnicodeError as error:
        named = Sentence(encoding.upper(), encoding.upper())
        if encoding == GB18030:
            named = Sentence("UTF-8 or GB18030", "UTF-8 或 GB18030")
        raise file.refuse(_no_text(named), SAVE_AGAIN) from error
    return bytes(recoded)


def _no_text(encoding: Sentence) -> Sentence:
    """What is wrong with bytes that are none of an encoding's."""
    return Sentence(f"is no text in {encoding.en}", f"不是 {encoding.zh} 编码的文本")


def _is_cut(content: bytes, at: int) -> bool:
    """Whether what is broken is the end, in the middle of a sign."""
    return len(content) - at < len("桃".encode()) and not content.endswith(b"\n")


def _broken(file: InputFile, content: bytes, at: int) -> InputRefusedError:
    """The complaint about text in UTF-8 that is broken at a byte."""
    row = content.count(b"\n", 0, at) + 1
    if _is_cut(content, at):
        return file.refuse(
            Sentence(f"breaks off in row {row}, in the middle of a sign", f"在第 {row} 行的一个字中间中断"),
            SEND_WHOLE,
        )
    return file.refuse(
        Sentence(f"row {row}: is UTF-8, but for a damaged sign", f"第 {row} 行：是 UTF-8，但有损坏的字"),
        Sentence(
            f"correct that row, and {SAVE_AGAIN.en}", f"请改正这一行，再{SAVE_AGAIN.zh.removeprefix('请')}"
        ),
    )
