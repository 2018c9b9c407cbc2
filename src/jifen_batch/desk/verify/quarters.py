"""The announced quarters checked again: files, their chain, and every sum from the first quarter on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch import program, rules
from jifen_batch.desk.verify.checked import Checked
from jifen_batch.desk.verify.hanging import add_up
from jifen_batch.desk.verify.quarter import OpenedQuarter, opened
from jifen_batch.errors import JifenError
from jifen_batch.published import announced, manifest
from jifen_batch.published.finding import Finding

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    Books = list[dict[str, Any]]


def check_quarters(out: Path) -> list[Checked]:
    """Check all quarters that hang, ascending; a damaged table stops only the sums that need it."""
    place = out / announced.ANNOUNCED
    names = sorted(
        match[1] for path in place.glob("quarter=*") if (match := announced.NAMED.fullmatch(path.name))
    )
    quarters = [opened(out, name) for name in names]
    _check_chain(quarters)
    further = add_up(quarters)
    # Most quarters hang with the same rule files: each set is compiled once.
    compiled: dict[tuple[bytes, ...], Books] = {}
    for quarter in quarters:
        _check_rules(quarter, compiled)
    return [
        Checked(
            quarter.name,
            quarter.findings,
            quarter.files,
            quarter.bytes,
            quarter.rows,
            further[quarter.name],
            quarter.digest,
            quarter.made_by,
        )
        for quarter in quarters
    ]


def _check_chain(quarters: list[OpenedQuarter]) -> None:
    """Each quarter names all before it, by the digests of their manifests, and is as of no earlier day."""
    before: list[OpenedQuarter] = []
    for quarter in quarters:
        if quarter.claims is not None:
            lying = {one.name: one.digest for one in before}
            named = dict(quarter.claims.earlier)
            for name in sorted({*lying, *named}):
                if lying.get(name) != named.get(name):
                    file = f"{announced.ANNOUNCED}/quarter={name}/{quarter.manifest_file}"
                    quarter.findings.append(Finding("chain", file, {"quarter": quarter.name}))
            days = [one.claims.as_of for one in before if one.claims]
            if days and quarter.claims.as_of < max(days):
                quarter.found("misplaced", quarter.manifest_file)
        before.append(quarter)


def _check_rules(quarter: OpenedQuarter, compiled: dict[tuple[bytes, ...], Books]) -> None:
    """Books by the rule files that hang; other code's books may be compiled otherwise.

    `compiled`: the books of the files that were looked at before, to which these are added.
    """
    claims = quarter.claims
    if claims is None or not quarter.rules_whole or claims.code != program.code():
        return
    place = manifest.rules(quarter.folder)
    files = tuple(path.read_bytes() for path in sorted(place.glob("*.toml")))
    if files not in compiled:
        compiled[files] = _books(place)
    if compiled[files] != claims.books:
        quarter.found("rules", quarter.inside(place))


def _books(place: Path) -> Books:
    """What rule files compile to, a book a row; none where they are refused."""
    try:
        return rules.load([place]).tables.books.drop("book").to_dicts()
    except JifenError:
        return []
