"""Text files that are read and may not be what they seem: broken off in their last cell, or of elsewhere.

Neither can be known, so neither is refused; a glance at a file's ends is enough to say so.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs.files import CSV
from jifen_batch.inputs.formats.text_bytes import BOM, GB18030, SAVE_AGAIN, UTF8, UTF16_BOMS
from jifen_batch.inputs.remark import InputRemark
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jifen_batch.inputs.files import InputFile

LOOKED_AT_BYTES = 1 << 16
# Of what is of elsewhere so many signs are everyday ones there, and by so much fewer in GB18030.
EVERYDAY_SHARE, FEWER = 0.75, 0.15
KANA_SHARE, OWN_SHARE, HANGUL_AT_LEAST = 0.3, 0.1, 12
NOT_ENDED = Sentence(
    "its last line has no line end: either whoever writes it never ends the last line, or it broke off "
    "within the last cell; hold its last row against the source",
    "最后一行没有行尾：要么导出程序从不写最后的行尾，要么文件断在最后一格里；请把最后一行与来源核对",
)
HEADER_NOT_ENDED = Sentence(
    "holds nothing but a header, which has no line end: it may have broken off there, with columns and all "
    "rows; where there should be rows, have it exported again",
    "只有表头，而且没有行尾：可能断在这里，后面的列和所有的行都没有传来；本该有行的，请重新导出",
)
OWN_SIGNS = Sentence(
    "holds signs that only the machine it comes from can show (private use): where they are in names, write "
    "the characters that are meant",
    "含有只有原来那台机器能显示的自造字：出现在名称里的，请改成正式的字",
)


@dataclass(frozen=True)
class Elsewhere:
    """An encoding of elsewhere, its name, and which of its signs are everyday there."""

    encoding: str
    name: Sentence
    is_everyday: Callable[[bytes], bool]

    @property
    def told(self) -> Sentence:
        """What is said of a file that may be in it."""
        return Sentence(
            f"is read as GB18030, and would be everyday words in {self.name.en}: if names read wrong, "
            f"{SAVE_AGAIN.en}",
            f"按 GB18030 读入，但按 {self.name.zh}读才是常用字；如果名称显示成乱码，{SAVE_AGAIN.zh}",
        )


def remarks(files: Sequence[InputFile]) -> Iterator[InputRemark]:
    """What is said of the text files among some, of any inputs: at most one of each kind a file."""
    texts = [file for file in files if file.format == CSV]
    for _, of_role in groupby(texts, key=lambda file: file.role):
        ends = [(file, *_ends_of(file)) for file in of_role]
        # Where several files all lack it, it is the habit of who writes them.
        is_habit = len(ends) > 1 and all(told for _, _, told in ends)
        for file, head, told in ends:
            if told and not is_habit:
                yield InputRemark(file.role, file.place, told)
            if said := _of_signs(file, head):
                yield InputRemark(file.role, file.place, said)


def _ends_of(file: InputFile) -> tuple[bytes, Sentence | None]:
    """The first bytes of a file, and what is said of its last line where that is open."""
    with file.path.open("rb") as stream:
        head = stream.read(LOOKED_AT_BYTES)
        stream.seek(max(0, file.size - LOOKED_AT_BYTES))
        return head, _open(stream.read())


def _open(tail: bytes) -> Sentence | None:
    """What is said of a last line that lacks its end; a row whose last quotation is closed is whole."""
    signs = tail.replace(b"\0", b"")
    above, _, last = signs.replace(b"\r", b"\n").rpartition(b"\n")
    if not last.strip():
        return None
    if not above.strip():
        return HEADER_NOT_ENDED
    return None if last.endswith(b'"') else NOT_ENDED


def _of_signs(file: InputFile, head: bytes) -> Sentence | None:
    """What is said of the signs of a file that is read as GB18030; null = nothing."""
    if head.startswith((BOM, *UTF16_BOMS)) or (file.mapping and file.mapping.file.encoding):
        return None
    whole = head.rpartition(b"\n")[0] or head
    try:
        whole.decode(UTF8)
    except UnicodeDecodeError:
        return _of_gb18030(whole)
    return None


def _of_gb18030(content: bytes) -> Sentence | None:
    """The same of its first bytes, which are not UTF-8."""
    signs = [sign for sign in content.decode(GB18030, errors="ignore") if not sign.isascii()]
    in_gb = _everyday(content, GB18030, _of_gb)
    kana, own = (sum(map(is_such, signs)) / max(1, len(signs)) for is_such in (_is_kana, _is_own))
    if kana > KANA_SHARE and not own and in_gb + kana > 1 - FEWER:
        return EUC_JP.told
    for other in ELSEWHERE:
        there = _everyday(content, other.encoding, other.is_everyday)
        if there >= EVERYDAY_SHARE and there > in_gb + FEWER:
            return other.told
    # Of Chinese hardly ever so many signs are all among the first half by their sound.
    is_korean = _everyday(content, EUC_KR.encoding, EUC_KR.is_everyday) == 1
    if len({*signs}) >= HANGUL_AT_LEAST and is_korean:
        return EUC_KR.told
    return OWN_SIGNS if 0 < own <= OWN_SHARE else None


def _everyday(content: bytes, encoding: str, is_everyday: Callable[[bytes], bool]) -> float:
    """Which share of the signs beyond ASCII is everyday in an encoding; 0 where it is no text in it."""
    try:
        signs = [sign.encode(encoding) for sign in content.decode(encoding) if not sign.isascii()]
    except UnicodeError:
        return 0.0
    return sum(map(is_everyday, signs)) / max(1, len(signs))


def _of_big5(sign: bytes) -> bool:
    """Punctuation, or one of the 5,401 characters that Big5 puts first."""
    return b"\xa1" <= sign[:1] <= b"\xc6"


def _of_shift_jis(sign: bytes) -> bool:
    """Punctuation, kana, or one of the 2,965 characters that JIS puts first; none of half a width."""
    return len(sign) > 1 and (b"\x81" <= sign[:1] <= b"\x83" or b"\x88\x9f" <= sign <= b"\x98\x72")


def _of_euc_kr(sign: bytes) -> bool:
    """Punctuation, or one of the 2,350 syllables."""
    return (b"\xa1" <= sign[:1] <= b"\xa3" or b"\xb0" <= sign[:1] <= b"\xc8") and sign[1:] >= b"\xa1"


def _is_own(sign: str) -> bool:
    """Whether it is of private use."""
    return "\ue000" <= sign <= "\uf8ff"


def _is_kana(sign: str) -> bool:
    """Whether it is a sign of Japanese alone, which GB18030 has at the places of EUC-JP."""
    return "\u3041" <= sign <= "\u30fa"


def _of_gb(sign: bytes) -> bool:
    """Punctuation, or one of the 3,755 characters that GB 2312 puts first."""
    first, second = sign[:1], sign[1:]
    return (b"\xa1" <= first <= b"\xa3" or b"\xb0" <= first <= b"\xd7") and second >= b"\xa1"


ELSEWHERE = (
    Elsewhere("cp950", Sentence("Big5 (traditional Chinese)", "Big5（繁体）"), _of_big5),
    Elsewhere("cp932", Sentence("Shift-JIS (Japanese)", "Shift-JIS（日文）"), _of_shift_jis),
)
EUC_JP = Elsewhere("euc_jp", Sentence("EUC-JP (Japanese)", "EUC-JP（日文）"), lambda _: False)
EUC_KR = Elsewhere("euc_kr", Sentence("EUC-KR (Korean)", "EUC-KR（韩文）"), _of_euc_kr)
