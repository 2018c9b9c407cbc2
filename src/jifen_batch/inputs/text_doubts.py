"""Text files that are read and may not be what they seem: broken off in their last cell, or in Big5.

Neither can be known, so neither is refused; a glance at a file's ends is enough to say so.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from jifen_batch.inputs.files import CSV
from jifen_batch.inputs.formats.text_bytes import BOM, GB18030, SAVE_AGAIN, UTF8, UTF16_BOMS
from jifen_batch.inputs.remark import InputRemark
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jifen_batch.inputs.files import InputFile

BIG5 = "cp950"
LOOKED_AT_BYTES = 1 << 16
# Of what is Big5 so many signs are everyday ones there, and by so much fewer of what it says in GB18030.
EVERYDAY_SHARE, FEWER = 0.75, 0.15
NOT_ENDED = Sentence(
    "its last line has no line end: either whoever writes it never ends the last line, or it broke off "
    "within the last cell; hold its last row against the source",
    "最后一行没有行尾：要么导出程序从不写最后的行尾，要么文件断在最后一格里；请把最后一行与来源核对",
)
OTHER_ENCODING = Sentence(
    "is read as GB18030, and would be everyday words in Big5 (traditional Chinese): if names read wrong, "
    f"{SAVE_AGAIN.en}",
    f"按 GB18030 读入，但按 Big5（繁体）读才是常用字；如果名称显示成乱码，{SAVE_AGAIN.zh}",
)


def remarks(files: Sequence[InputFile]) -> Iterator[InputRemark]:
    """What is said of the text files among some, of any inputs: at most one of each kind a file."""
    texts = [file for file in files if file.format == CSV]
    for _, of_role in groupby(texts, key=lambda file: file.role):
        ends = [(file, *_ends_of(file)) for file in of_role]
        # Where several files all lack it, it is the habit of who writes them.
        is_habit = len(ends) > 1 and all(is_open for _, _, is_open in ends)
        for file, head, is_open in ends:
            if is_open and not is_habit:
                yield InputRemark(file.role, file.place, NOT_ENDED)
            if _is_rather_big5(file, head):
                yield InputRemark(file.role, file.place, OTHER_ENCODING)


def _ends_of(file: InputFile) -> tuple[bytes, bool]:
    """The first bytes of a file, and whether its last line is open."""
    with file.path.open("rb") as stream:
        head = stream.read(LOOKED_AT_BYTES)
        stream.seek(max(0, file.size - LOOKED_AT_BYTES))
        return head, _is_open(stream.read())


def _is_open(tail: bytes) -> bool:
    """Whether the last line stands below others and lacks its end; a closed quotation is whole."""
    signs = tail.replace(b"\0", b"")
    above, _, last = signs.replace(b"\r", b"\n").rpartition(b"\n")
    return bool(above.strip()) and bool(last.strip()) and not last.endswith(b'"')


def _is_rather_big5(file: InputFile, head: bytes) -> bool:
    """Whether what is read as GB18030 is more everyday words in Big5."""
    if head.startswith((BOM, *UTF16_BOMS)) or (file.mapping and file.mapping.file.encoding):
        return False
    whole = head.rpartition(b"\n")[0] or head
    try:
        whole.decode(UTF8)
    except UnicodeDecodeError:
        in_big5, in_gb = _everyday(whole, BIG5, _of_big5), _everyday(whole, GB18030, _of_gb)
        return in_big5 >= EVERYDAY_SHARE and in_big5 > in_gb + FEWER
    return False


def _everyday(content: bytes, encoding: str, is_everyday: Callable[[bytes], bool]) -> float:
    """Which share of the signs beyond ASCII is everyday in an encoding; 0 where it is no text in it."""
    try:
        signs = [sign.encode(encoding) for sign in content.decode(encoding) if not sign.isascii()]
    except UnicodeDecodeError:
        return 0.0
    return sum(map(is_everyday, signs)) / max(1, len(signs))


def _of_big5(sign: bytes) -> bool:
    """Punctuation, or one of the 5,401 characters that Big5 puts first."""
    return b"\xa1" <= sign[:1] <= b"\xc6"


def _of_gb(sign: bytes) -> bool:
    """Punctuation, or one of the 3,755 characters that GB 2312 puts first."""
    first, second = sign[:1], sign[1:]
    return (b"\xa1" <= first <= b"\xa3" or b"\xb0" <= first <= b"\xd7") and second >= b"\xa1"
