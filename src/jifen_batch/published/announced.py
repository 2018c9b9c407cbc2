"""What was announced, read back: quarters that are frozen for good (specification 4, `announced/`).

A quarter's folder is complete, for it gets its name last, and never changes from then on. Each names
the ones before it by the digest of their manifests, so that nobody can change one unseen.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.files import hash_file
from jifen_batch.inputs.remark import InputRemark
from jifen_batch.published import manifest, publish, read
from jifen_batch.published.identity import of_now
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.storage import reasons

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from jifen_batch.tables import Table

ANNOUNCED = publish.ANNOUNCED
NAMED = re.compile(r"quarter=([0-9]{4}Q[1-4])")
WITHDRAWN = "withdrawn"
# Whatever is called so is ours; what begins with such a sign nobody takes for a table.
OURS = re.compile(rf"{NAMED.pattern}|{WITHDRAWN}")
HIDDEN = (".", "_")
NO_QUARTER = Sentence(
    "is no quarter, and no command reads it; but who opens announced/ as a table reads it with the quarters, "
    "and a copy counts twice there: move it away",
    "不是公告的季度，各命令都不读它；但把 announced/ 当作数据表打开时会一并读入，复制件会算两次：请移走",
)
NOT_AS_SAID = Sentence("is not as its manifest says", "与 manifest 所载不符")
RESTORE = Sentence("bring the folder back from a backup", "请从备份恢复该文件夹")


def quarters(out: Path) -> list[str]:
    """The quarters announced so far, ascending."""
    named = (NAMED.fullmatch(path.name) for path in (out / ANNOUNCED).glob("quarter=*"))
    found = [match[1] for match in named if match]
    return sorted(quarter for quarter in found if manifest.path(folder(out, quarter)).is_file())


def beside(out: Path) -> Iterator[InputRemark]:
    """What lies among the quarters and is none, as a copied folder or a half-copied one, by name."""
    place, hung = out / ANNOUNCED, {folder(out, quarter).name for quarter in quarters(out)}
    names = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
    for name in names:
        if name not in hung and name != WITHDRAWN and not name.startswith(HIDDEN):
            yield InputRemark("announced", f"{ANNOUNCED}/{name}", NO_QUARTER)


def folder(out: Path, quarter: str) -> Path:
    """The folder of an announced quarter."""
    return out / ANNOUNCED / f"quarter={quarter}"


def scan(out: Path, table: Table, of: Sequence[str], renamed: pl.DataFrame | None = None) -> pl.LazyFrame:
    """Rows of a table of the announcements of these quarters, with `announced_in`, the quarter it hung in.

    Households are named as they were then, or as they are now by what is `renamed` (`successions.renaming`):
    then rows of a quarter may be of one household that were of two.

    `table` names the file: `announcement`, `lines`, `corrections` or `standings`. Its own partition
    column, where it has one, is that quarter.
    """
    import polars as pl  # noqa: PLC0415 - a tenth of a second, which who freezes should not wait for

    parts = []
    for quarter in of:
        rows = read.scan([folder(out, quarter) / f"{table.name}.parquet"], table, quarter)
        parts.append(rows.with_columns(announced_in=pl.lit(quarter)))
    empty = pl.LazyFrame(schema=pl.Schema({**table.schema, "announced_in": pl.String()}))
    rows = pl.concat(parts) if parts else empty
    return rows if renamed is None else of_now(rows, renamed)


def verified(out: Path, of: Sequence[str]) -> list[dict[str, Any]]:
    """The manifests of these quarters, in their order, each file as its manifest says.

    Raises `InputRefusedError` for a file that is missing or changed, and for a quarter that is not the
    one that a later one of these came after.
    """
    contents: list[dict[str, Any]] = []
    digests: dict[str, str] = {}
    for quarter in of:
        content = publish.read_manifest(folder(out, quarter))
        check_files(folder(out, quarter), content.get("files", []), RESTORE)
        for earlier in content.get("earlier", []):
            if digests.get(earlier["quarter"]) != earlier["sha256"]:
                raise InputRefusedError(
                    *refusal(
                        str(folder(out, earlier["quarter"])),
                        Sentence(
                            f"is not what {quarter} was announced after", f"不是 {quarter} 公告时在前的那一份"
                        ),
                        RESTORE,
                    )
                )
        digests[quarter] = manifest_digest(out, quarter)
        contents.append(content)
    return contents


def version(out: Path, quarter: str) -> int:
    """The version of the tables that an announced quarter is of."""
    return int(publish.read_manifest(folder(out, quarter))[read.KEY])


def manifest_digest(out: Path, quarter: str) -> str:
    """SHA-256 of a quarter's manifest, by which later ones name it."""
    return hash_file(manifest.path(folder(out, quarter)))[1]


def digests(out: Path) -> dict[str, str]:
    """SHA-256 of the manifest of every quarter that hangs, by quarter."""
    return {quarter: manifest_digest(out, quarter) for quarter in quarters(out)}


def withdrawn(out: Path) -> list[Path]:
    """The folders of quarters that were announced and withdrawn again, in the order of their names."""
    named = (out / ANNOUNCED / WITHDRAWN).glob("_*/quarter=*")
    return sorted(path for path in named if manifest.path(path).is_file())


def known(out: Path) -> set[str]:
    """SHA-256 of the manifest of every quarter that hangs or was withdrawn."""
    return {*digests(out).values(), *withdrawn_digests(out)}


def withdrawn_digests(out: Path) -> set[str]:
    """The same of those that were withdrawn."""
    return {hash_file(manifest.path(folder))[1] for folder in withdrawn(out)}


def seen(out: Path, before: Mapping[str, Any], given_up: Collection[str]) -> list[dict[str, str]]:
    """What a run writes down of the announced quarters: SHA-256 of the manifest, run and day of each.

    A quarter that the run `before` (its manifest) has written down stays so, though it be gone or
    another now: what was announced once is asked for from then on. Unless it was withdrawn, or is among
    those whose loss was accepted (`given_up`, their SHA-256).
    """
    let_go = {*given_up, *withdrawn_digests(out)}
    hung = {quarter: {"quarter": quarter, "sha256": digest} for quarter, digest in digests(out).items()}
    for quarter, told in hung.items():
        content = publish.read_manifest(folder(out, quarter))
        told |= {name: content[name] for name in ("run_id", "as_of") if name in content}
    remembered = {
        one["quarter"]: dict(one) for one in before.get("announced", []) if one["sha256"] not in let_go
    }
    together = hung | remembered
    return [together[quarter] for quarter in sorted(together)]


def refuse_gone(out: Path, run: Path, content: Mapping[str, Any]) -> None:
    """Raise `InputRefusedError` for a quarter that a run has seen, and that is gone or another now."""
    there = known(out)
    for one in content.get("announced", []):
        if one["sha256"] not in there:
            problem = Sentence(
                f"is gone, or is not what hung there when the run {run.name} was published",
                f"已不存在，或不是运行 {run.name} 发布时公告的那一份",
            )
            raise InputRefusedError(*refusal(str(folder(out, one["quarter"])), problem, RESTORE))


def uncut(out: Path) -> dict[str, dict[str, Any]]:
    """The manifests of the quarters that hang, by quarter; it is what their folders are called.

    Raises `InputRefusedError` for a file which is gone, or longer or shorter now: that is seen by its size,
    which costs a night nothing; whether every byte is there, `verify` asks.
    """
    manifests = {quarter: publish.read_manifest(folder(out, quarter)) for quarter in quarters(out)}
    for quarter, content in manifests.items():
        inside = folder(out, quarter)
        for file in content.get("files", []):
            path = inside / file["name"]
            if not path.is_file() or path.stat().st_size != file["size"]:
                raise InputRefusedError(*refusal(str(path), NOT_AS_SAID, _make_again(out, quarter)))
    return manifests


def _make_again(out: Path, quarter: str) -> Sentence:
    """How a damaged quarter comes back: one that a kept run knows is proved the same, else none came after.

    What no run knows was announced from the current one, and so was all after it: they come out the same.
    """
    digest = manifest_digest(out, quarter)
    by_runs = (publish.read_manifest(run).get("announced", []) for run in publish.published(out))
    if any(one["sha256"] == digest for known_by in by_runs for one in known_by):
        return Sentence(
            f"{RESTORE.en}, or move it away and make it again with announce --rebuild {quarter}",
            f"{RESTORE.zh}，或移走它再用 announce --rebuild {quarter} 重新生成",
        )
    again = [one for one in quarters(out) if one >= quarter]
    return Sentence(
        f"{RESTORE.en}, or move {', '.join(again)} away and announce again, as no run was published since: "
        + ", then ".join(f"announce --quarter {one}" for one in again),
        f"{RESTORE.zh}，或移走 {'、'.join(again)}，重新公告（此后没有发布过运行）："
        + "，再 ".join(f"announce --quarter {one}" for one in again),
    )


def check_files(inside: Path, named: Sequence[Mapping[str, Any]], remedy: Sentence) -> None:
    """Raise `InputRefusedError` for the first of the files `named` by a manifest that is not as it says."""
    for file in named:
        path = inside / file["name"]
        try:
            held = hash_file(path)
        except OSError as error:
            raise InputRefusedError(*refusal(str(path), reasons.cannot_be_read(error), remedy)) from error
        if held != (file["size"], file["sha256"]):
            raise InputRefusedError(*refusal(str(path), NOT_AS_SAID, remedy))
