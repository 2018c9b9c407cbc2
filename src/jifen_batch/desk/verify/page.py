"""`verify` as a page: what lies in the output folder, the announced quarters, the runs, refused rejects.

Nothing is locked and nothing written: a run is resolved once, and what is published never changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass
from jifen_batch.desk.verify.quarters import check_quarters
from jifen_batch.desk.verify.refused import check_refused
from jifen_batch.desk.verify.run import check_run
from jifen_batch.errors import InputRefusedError
from jifen_batch.published import announced, at_hand, manifest, publish, runs, sealed
from jifen_batch.published.finding import Finding
from jifen_batch.storage import disk

if TYPE_CHECKING:
    from pathlib import Path

    from jifen_batch.desk.verify.checked import Checked

PUBLISHED = {publish.CURRENT, publish.RUNS, announced.ANNOUNCED}
KNOWN = {*PUBLISHED, publish.LOCK, publish.REFUSED, publish.NOTED_EVENTS}
LEFT_LINK = f".{publish.CURRENT}.new"


@dataclass(frozen=True)
class Verified:
    """What came of it: the `runs`, `quarters` and `refused` looked at, and faults `around` them.

    `remarks` are no faults: what a dead command left behind, or a live one is writing, and what is not ours.
    """

    runs: list[Checked]
    quarters: list[Checked]
    refused: list[Checked]
    around: list[Finding]
    remarks: list[Finding]

    @property
    def findings(self) -> list[Finding]:
        """All faults: around, then quarter by quarter, run by run, and what was refused."""
        looked = (*self.quarters, *self.runs, *self.refused)
        return [*self.around, *(one for each in looked for one in each.findings)]


def verify(out: Path, named: str = publish.CURRENT, *, every_run: bool = False) -> Verified:
    """Check all announced quarters, and the run that is named, or every run that is kept.

    Raises `InputRefusedError` where nothing is published, or the named run is not there; `DiskError`
    where the folder cannot be looked into.
    """
    with disk.failures("look into", out):
        inside = sorted(path.name for path in out.iterdir()) if out.is_dir() else []
        around, remarks = _around(out, inside)
        if not PUBLISHED & {*inside}:
            raise publish.nothing_published(out)
        folders = _folders(out, named, every_run=every_run)
        if named == publish.CURRENT or every_run:
            fault, remark = _current(out)
            around, remarks = around + fault, remarks + remark
        hung = check_quarters(out)
        known = {*(one.digest for one in hung), *announced.withdrawn_digests(out)}
        checked = [check_run(folder, out, known) for folder in folders]
        refused = [check_refused(folder, out) for folder in publish.refused(out)]
        remarks += _by_other_code(checked)
        return Verified(checked, hung, refused, around, remarks)


def _by_other_code(checked: list[Checked]) -> list[Finding]:
    """Remarks about runs that other code made: what it ranked and compiled is not held against this one's."""
    now = manifest.made_by(manifest.of_program())
    return [
        Finding("other_code", f"{publish.RUNS}/{one.name}", {"made_by": one.made_by, "now": now})
        for one in checked
        if one.made_by not in {None, now}
    ]


def _folders(out: Path, named: str, *, every_run: bool) -> list[Path]:
    """The folders of the runs to check, by id; `current` that names none is told elsewhere."""
    if every_run:
        kept = (out / publish.RUNS).glob("*")
        return sorted(
            at_hand.whole(path) for path in kept if publish.RUN_ID.fullmatch(path.name) and path.is_dir()
        )
    if named == publish.CURRENT:
        try:
            return [out / publish.RUNS / publish.current(out).name]
        except InputRefusedError:
            return []
    return [out / publish.RUNS / runs.find(out, named).name]


def _current(out: Path) -> tuple[list[Finding], list[Finding]]:
    """A fault, or a remark, where `current` names no complete run, or not the one published last.

    A remark where the last one was made after that run: a command may have ended, or be, between naming
    its run and switching to it.
    """
    try:
        # Asked first, for a run may be published meanwhile.
        named = publish.current(out).name
    except InputRefusedError:
        return [Finding("current", publish.CURRENT)], []
    last = publish.published(out)[0]
    if last.name == named:
        return [], []
    content = sealed.read(last, out).content or {}
    told: dict[str, object] = {"run_id": last.name}
    if content.get("previous", named) == named:
        return [], [Finding("not_switched", publish.CURRENT, told)]
    return [Finding("behind", publish.CURRENT, told)], []


def _around(out: Path, inside: list[str]) -> tuple[list[Finding], list[Finding]]:
    """Faults and remarks about what lies beside runs and announced quarters."""
    remarks = [
        Finding("left_over" if name == LEFT_LINK else "not_ours", name)
        for name in inside
        if name not in KNOWN
    ]
    faults = []
    for folder, ours in (
        (publish.RUNS, publish.RUN_ID),
        (announced.ANNOUNCED, announced.OURS),
        (publish.REFUSED, publish.RUN_ID),
    ):
        place = out / folder
        if place.is_symlink():
            faults.append(Finding("link", folder))
        for path in sorted(place.iterdir()) if place.is_dir() else []:
            file = f"{folder}/{path.name}"
            if path.name.startswith(publish.TEMPORARY):
                remarks.append(Finding("left_over", file))
            elif not ours.fullmatch(path.name) or not path.is_dir():
                faults.append(Finding("added", file))
            elif path.is_symlink():
                faults.append(Finding("link", file))
    return faults, remarks
