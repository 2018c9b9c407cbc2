"""A paper as a PDF, set by typst (the extra `print`): what data say reaches it as JSON, never as markup.

The same document gives the same bytes. Nothing is written beside what is given back.
"""

from __future__ import annotations

import importlib.util
import json
import threading
from datetime import UTC, datetime
from functools import cache, cached_property
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jifen_batch.errors import UsageRefusedError
from jifen_batch.notices.printed.document import CENTRED, is_number, said
from jifen_batch.notices.printed.itemised import TOGETHER
from jifen_batch.notices.printed.pages import DRAFT
from jifen_batch.notices.printed.paper import (
    MARGIN_MM,
    PADDING_MM,
    choose,
    column_widths,
    header_lines,
    is_low,
)
from jifen_batch.notices.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    import typst

    from jifen_batch.notices.printed.document import Cell, Document, Page
    from jifen_batch.notices.printed.paper import Paper

NEEDED = ("typst", "segno")
# Fonts that have what Chinese names need, the best for a notice first; the first that is there is used.
FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Microsoft YaHei",
    "SimHei",
    "SimSun",
    "PingFang SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "AR PL UMing CN",
)
MAX_TEXT = 2_000
JOINER = "\N{WORD JOINER}"


class Typesetter:
    """Sets documents, several at once where several threads ask; fonts are looked for once.

    `folder` is where further fonts lie, if anywhere.
    """

    def __init__(self, folder: str | None = None, *, system_fonts: bool = True) -> None:
        """Raises `UsageRefusedError` where typst is not installed, or no Chinese font is found."""
        missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
        if missing:
            raise UsageRefusedError(
                f"PDF: {', '.join(missing)} is not installed; install the extra (pip install "
                "'jifen-batch[print]'), or print workbooks (--notice-format xlsx)",
                f"PDF：没有安装 {'、'.join(missing)}；请安装打印组件（pip install 'jifen-batch[print]'），"
                "或改为打印工作簿（--notice-format xlsx）",
            )
        if folder is not None and not Path(folder).is_dir():
            raise UsageRefusedError(
                f"--fonts {folder}: is no folder; name a folder with font files",
                f"--fonts {folder}：不是文件夹；请写放字体文件的文件夹",
            )
        import typst  # noqa: PLC0415 - an extra

        paths = [folder] if folder is not None else []
        self.fonts = typst.Fonts(system_fonts, include_embedded_fonts=False, font_paths=paths)
        self._template = (files(__package__) / "paper.typ").read_bytes()
        self._of_thread = threading.local()
        if not self.families:
            raise UsageRefusedError(
                "PDF: no Chinese font is installed; install one (apt install fonts-noto-cjk), name a folder "
                "with one (--fonts), or print workbooks (--notice-format xlsx)",
                "PDF：本机没有中文字体；请安装一种（apt install fonts-noto-cjk），"
                "或用 --fonts 指明放字体的文件夹，或改为打印工作簿（--notice-format xlsx）",
            )

    @cached_property
    def families(self) -> list[str]:
        """The Chinese fonts that are there, the best first."""
        there = {*self.fonts.families()}
        return [name for name in FAMILIES if name in there]

    def pdf(self, document: Document, made_on: date) -> bytes:
        """The PDF of a document; `made_on` stands in it as the day it was made."""
        data = json.dumps(_data(document, self.families), ensure_ascii=False)
        made = datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC)
        written = self._compiler().compile(
            self._template, format="pdf", sys_inputs={"data": data}, timestamp=made, pdf_tags=False
        )
        assert isinstance(written, bytes)  # noqa: S101 - a PDF is one file
        return written

    def _compiler(self) -> typst.Compiler:
        """The compiler of this thread: several may set at once, and typst lets them."""
        import typst  # noqa: PLC0415 - an extra

        if not hasattr(self._of_thread, "compiler"):
            self._of_thread.compiler = typst.Compiler(font_paths=self.fonts)
        compiler: typst.Compiler = self._of_thread.compiler
        return compiler


@cache
def typesetter(folder: str | None) -> Typesetter:
    """The one of this process for a folder with fonts. Raises `UsageRefusedError` as `Typesetter` does."""
    return Typesetter(folder)


def _data(document: Document, families: Sequence[str]) -> dict[str, Any]:
    """All that the template sets."""
    paper = choose(document)
    closing = document.closing
    return {
        "name": _text(document.name),
        "heading": _text(document.heading),
        "draft": DRAFT if document.draft else "",
        "code": closing.code if closing else "",
        "paper": paper.size,
        "landscape": paper.landscape,
        "points": paper.points,
        "margin": MARGIN_MM,
        "fonts": list(families),
        "apart": document.apart,
        "notices": [_text(line) for line in document.notices],
        "pages": [_page(page, paper) for page in document.pages],
        "closing": closing
        and {
            "issuer": _text(closing.issuer),
            "people": [[_text(title), _text(name)] for title, name in closing.people],
            "printed_on": closing.printed_on,
            "qr": _qr(closing.digest) if closing.digest else [],
        },
    }


def _page(page: Page, paper: Paper) -> dict[str, Any]:
    """A page, every cell as it looks."""
    columns = column_widths(page, paper)
    kinds = [
        "centred" if header in CENTRED else "number" if is_number(column, page.rows) else "text"
        for column, header in enumerate(page.headers)
    ]
    return {
        "title": _text(page.title),
        "above": [_text(line) for line in page.above],
        "below": [_text(line) for line in page.below],
        "headers": [
            header_lines(_text(header), width - PADDING_MM, paper.points)
            for header, width in zip(page.headers, columns, strict=True)
        ],
        "widths": columns,
        "kinds": kinds,
        "rows": [[_cell(cell) for cell in row] for row in page.rows],
        "low": [is_low(row, columns, paper) for row in page.rows],
        "total": [_cell(cell) for cell in page.total],
        "summary": _page(page.summary, paper) if page.summary else None,
    }


def _cell(cell: Cell) -> str:
    """A cell as it looks."""
    if isinstance(cell, int):
        return said(cell)
    # Lines may break before 笔; how often and for how many points stand together.
    return _text(said(cell)).replace(f"笔{TOGETHER}", f"{JOINER}笔{TOGETHER}") if cell != "" else ""


def _text(text: str) -> str:
    """Text from data as paper may show it: what could hurt is replaced, what is endless is cut."""
    shown = printable(text)
    return shown if len(shown) <= MAX_TEXT else f"{shown[: MAX_TEXT - 1]}…"


def _qr(text: str) -> list[list[list[int]]]:
    """The dark runs of a QR code, row by row: where each begins, and how long it is."""
    import segno  # noqa: PLC0415 - an extra

    return [[*_runs(row)] for row in segno.make(text, error="m", micro=False).matrix]


def _runs(row: Sequence[int]) -> Iterator[list[int]]:
    """The dark runs of a row."""
    at = 0
    for dark, signs in groupby(row):
        length = len(list(signs))
        if dark:
            yield [at, length]
        at += length
