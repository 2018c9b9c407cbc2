"""What an output folder in an object store holds now: one object, numbered, only ever created.

A store has no switch and no lock. So each publication creates the next number, which says all that is
published from then on: who comes second finds the number taken, and nothing that was there is ever changed.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.files import hash_file
from jifen_batch.published import announced, manifest, publish, withdrawal
from jifen_batch.sentence import Sentence, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from jifen_batch.storage.object_store import ObjectFolder

POINTERS = publish.CURRENT
RESTORE = Sentence("bring the object back from a backup", "请从备份恢复该对象")
DIGITS = 10
POINTER = re.compile(rf"{POINTERS}/([0-9]{{{DIGITS}}})")
FORMAT = 1
SIGNATURE_BYTES = 8
# Two folders of one name in the store are apart by what they hold: none is ever written over by another.
DIGEST_DIGITS = 16
NAME = re.compile(rf"{publish.RUN_ID.pattern}|{announced.NAMED.pattern}")
PLACE = re.compile(r"_[0-9]{4}Q[1-4]-[0-9a-f]{16}")
FOLDER = re.compile(rf"[a-z]+/[0-9A-Za-z=]+/[0-9a-f]{{{DIGEST_DIGITS}}}")
MANIFESTS = (manifest.NAME, f"{manifest.ABOUT}/{manifest.NAME}")


@dataclass(frozen=True)
class Sealed:
    """A published folder: its `name` (of a run or of a quarter's folder), and where it lies in the store.

    `manifest` is that file's name in it and `sha256` its digest; `since_ns` is when it was published.
    """

    name: str
    folder: str
    manifest: str
    sha256: str
    since_ns: int

    @classmethod
    def of(cls, said: dict[str, Any]) -> Sealed:
        """As a pointer says it; no path is made of what is no name of ours. Raises `ValueError`."""
        one = cls(**said)
        of_ours = NAME.fullmatch(one.name) and FOLDER.fullmatch(one.folder) and one.manifest in MANIFESTS
        if not of_ours:
            raise ValueError(one.name)
        return one


@dataclass(frozen=True)
class Withdrawn:
    """A quarter that was taken down: the `place` that it lies in since, why (`told`), and the quarter."""

    place: str
    told: dict[str, Any]
    quarter: Sealed

    @classmethod
    def of(cls, said: dict[str, Any]) -> Withdrawn:
        """Likewise."""
        if not PLACE.fullmatch(said["place"]):
            raise ValueError(said["place"])
        return cls(said["place"], said["told"], Sealed.of(said["quarter"]))


@dataclass(frozen=True)
class State:
    """All that is published: `number` counts publications, 0 = none yet; `current` is a run, null = none."""

    number: int
    current: str | None
    runs: list[Sealed]
    announced: list[Sealed]
    withdrawn: list[Withdrawn]
    refused: list[Sealed]

    @property
    def sealed(self) -> list[Sealed]:
        """Every folder that must stay in the store."""
        return [*self.runs, *self.announced, *(one.quarter for one in self.withdrawn), *self.refused]

    def holds_as(self, other: State) -> bool:
        """Whether both say the same, whatever their numbers."""
        return replace(self, number=0) == replace(other, number=0)

    def current_alone(self) -> State:
        """The same with nothing but the current run."""
        runs = [one for one in self.runs if one.name == self.current]
        return replace(self, runs=runs, announced=[], withdrawn=[], refused=[])

    def as_bytes(self, made_by: str) -> bytes:
        """What the pointer holds; `run` and `quarters` are for readers, `made_by` is no other publisher's."""
        runs = {one.name: one.folder for one in self.runs}
        content = {
            "format": FORMAT,
            "run": runs.get(self.current or ""),
            "quarters": {one.name.partition("=")[2]: one.folder for one in self.announced},
            **asdict(self),
            "made_by": made_by,
        }
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def numbered(what: State, number: int) -> State:
    """A state as it was published under a number."""
    return replace(what, number=number)


def signature() -> str:
    """What tells one publication from another that says the same."""
    return secrets.token_hex(SIGNATURE_BYTES)


NOTHING = State(0, None, [], [], [], [])


def key(number: int) -> str:
    """The key of a pointer."""
    return f"{POINTERS}/{number:0{DIGITS}}"


def latest(store: ObjectFolder) -> State:
    """What is published now.

    A listing may be older than what it lists; so it is asked for the next numbers, until there is none.
    """
    found = [POINTER.fullmatch(one.key) for one in store.listed(f"{POINTERS}/")]
    number = max((int(one[1]) for one in found if one), default=0)
    content = store.read(key(number)) if number else None
    while (following := store.read(key(number + 1))) is not None:
        number, content = number + 1, following
    return _read(store, number, content) if content is not None else NOTHING


def _read(store: ObjectFolder, number: int, content: bytes) -> State:
    """The state that a pointer says. Raises `InputRefusedError` for one that is damaged or newer than us."""
    place = str(store.root.below(key(number)))
    try:
        said = json.loads(content)
        if int(said["format"]) > FORMAT:
            newer = Sentence("was written by a newer version of this program", "是由本程序的更新版本写的")
            raise InputRefusedError(*refusal(place, newer, Sentence("use that version", "请使用那个版本")))
        return State(
            number,
            said["current"],
            [Sealed.of(one) for one in said["runs"]],
            [Sealed.of(one) for one in said["announced"]],
            [Withdrawn.of(one) for one in said["withdrawn"]],
            [Sealed.of(one) for one in said["refused"]],
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputRefusedError(
            *refusal(
                place,
                Sentence("is damaged", "已损坏"),
                RESTORE,
            )
        ) from None


def of_folder(out: Path) -> State:
    """What an output folder on the disk holds, as it would stand in the store."""
    withdrawn = [
        Withdrawn(
            folder.parent.name,
            json.loads((folder.parent / withdrawal.REASON).read_bytes()),
            _sealed(folder, announced.ANNOUNCED),
        )
        for folder in announced.withdrawn(out)
    ]
    return State(
        0,
        publish.named_by_current(out),
        [_sealed(folder, publish.RUNS) for folder in sorted(publish.published(out))],
        [_sealed(announced.folder(out, one), announced.ANNOUNCED) for one in announced.quarters(out)],
        withdrawn,
        [_sealed(folder, publish.REFUSED) for folder in publish.refused(out)],
    )


def _sealed(folder: Path, room: str) -> Sealed:
    """A published folder on the disk."""
    path = manifest.path(folder)
    digest = hash_file(path)[1]
    return Sealed(
        folder.name,
        f"{room}/{folder.name}/{digest[:DIGEST_DIGITS]}",
        path.relative_to(folder).as_posix(),
        digest,
        folder.stat().st_mtime_ns,
    )
