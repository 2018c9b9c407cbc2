"""A published folder of an object store as a folder on the disk, and what was added to that carried back.

Brought at once are the announced quarters, what was refused, and of runs their manifests and rules; a run's
tables when they are read. Each file is as its manifest says, and that as the pointer says.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jifen_batch.errors import DecisionNeededError, InputRefusedError, LockedError
from jifen_batch.published import announced, manifest, publish, withdrawal
from jifen_batch.published.remote import state, sweep
from jifen_batch.published.sealed import Entry
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.storage import address, disk, transfers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jifen_batch.published.remote.state import Sealed, State
    from jifen_batch.storage.object_store import ObjectFolder

NOT_THERE = Sentence("is missing, though the store says that it is published", "不存在，但存储中记为已发布")
# What a manifest calls its list of files: that of a run, and that of a quarter.
FILES = ("outputs", "files")


class RemoteMirror:
    """The output folder at an address, as `out`; `strict` refuses what is not as its manifest says.

    Whoever is not strict gets it as it is, to find that out himself.
    """

    def __init__(self, store: ObjectFolder, out: Path, *, strict: bool = True, named: bool = False) -> None:
        """Bring what is published now, or only what is to be `named`: the current run's manifest.

        Raises `DiskError`, and `InputRefusedError` for what is damaged.
        """
        self.store, self.out, self.strict = store, out, strict
        self._partly: dict[Path, Sealed] = {}
        self.state = state.latest(store)
        disk.make_folder(out)
        address.stand_in(out, store.root)
        self._bring(self.state.current_alone() if named else self.state)

    def whole(self, folder: Path) -> None:
        """Bring the tables of a run."""
        sealed = self._partly.pop(folder, None)
        if sealed:
            self._fetch_files(folder, sealed, lambda _: True)

    def carry_over(self) -> None:
        """Upload what was added, then create the next pointer; nothing where nothing was.

        Raises `LockedError` where somebody else has published since this was brought, and `DiskError`.
        """
        now = state.of_folder(self.out)
        if now.holds_as(self.state):
            return
        before, number = {one.folder for one in self.state.sealed}, self.state.number + 1
        # Asked before, so that who comes second need not upload a county; what counts is asked last.
        if self.store.head(state.key(number)):
            raise self._beaten(number)
        places = {
            **{one.folder: self.out / publish.RUNS / one.name for one in now.runs},
            **{one.folder: announced.folder(self.out, one.name.partition("=")[2]) for one in now.announced},
            **{one.folder: publish.refused_folder(self.out, one.name) for one in now.refused},
        }
        for sealed in now.sealed:
            if sealed.folder not in before:
                self._upload(places[sealed.folder], sealed)
        now = state.numbered(now, number)
        if not self.store.create(state.key(number), now.as_bytes(state.signature())):
            raise self._beaten(number)
        for folder, path in places.items():
            address.stand_in(path, self.store.root.below(folder))
        self.state = now
        sweep.sweep(self.store, self.state)

    def _beaten(self, number: int) -> LockedError:
        """The error about another publisher that was first."""
        place = self.store.root.below(state.key(number))
        return LockedError(
            f"{place}: somebody else has published meanwhile; nothing of this was; run again",
            f"{place}：期间已有别人发布；本次没有发布任何内容；请重新执行",
        )

    def _upload(self, folder: Path, sealed: Sealed) -> None:
        """Put a sealed folder into the store, each file read back, its manifest last."""

        def put(file: dict[str, Any]) -> None:
            self.store.put(f"{sealed.folder}/{file['name']}", folder / file["name"], file["sha256"])

        transfers.each(put, _files(publish.read_manifest(folder)))
        self.store.put(f"{sealed.folder}/{sealed.manifest}", folder / sealed.manifest, sealed.sha256)

    def _bring(self, what: State) -> None:
        """Lay down all that is at hand from the beginning, and `current`."""
        for sealed in what.runs:
            folder = self.out / publish.RUNS / sealed.name
            address.stand_in(folder, self.store.root.below(sealed.folder))
            if self._fetch_manifest(folder, sealed):
                self._fetch_files(folder, sealed, lambda name: name.startswith(f"{manifest.RULES}/"))
                self._partly[folder] = sealed
        for sealed in what.announced:
            self._fetch_all(self.out / announced.ANNOUNCED / sealed.name, sealed)
        for sealed in what.refused:
            self._fetch_all(publish.refused_folder(self.out, sealed.name), sealed)
        for one in what.withdrawn:
            place = self.out / announced.ANNOUNCED / announced.WITHDRAWN / one.place
            self._fetch_all(place / one.quarter.name, one.quarter)
            disk.write_bytes(place / withdrawal.REASON, withdrawal.as_bytes(one.told))
        if what.current:
            publish.point(self.out, what.current)

    def _fetch_all(self, folder: Path, sealed: Sealed) -> None:
        """Bring a sealed folder; one whose manifest is gone is not there, as on a disk."""
        address.stand_in(folder, self.store.root.below(sealed.folder))
        if self._fetch_manifest(folder, sealed):
            self._fetch_files(folder, sealed, lambda _: True)

    def _fetch_manifest(self, folder: Path, sealed: Sealed) -> bool:
        """Bring the manifest of a sealed folder; whether it is there."""
        path = folder / sealed.manifest
        disk.make_folder(path.parent)
        found = self.store.fetch(f"{sealed.folder}/{sealed.manifest}", path, 0)
        if found is None:
            disk.remove_tree(folder)
            return False
        if found[1] != sealed.sha256:
            named = state.key(self.state.number)
            problem = Sentence(f"is not the one that {named} names", f"不是 {named} 所记的那一份")
            error = InputRefusedError if self.strict else DecisionNeededError
            raise error(*refusal(str(path), problem, state.RESTORE))
        disk.touch(folder, sealed.since_ns)
        return True

    def _fetch_files(self, folder: Path, sealed: Sealed, wanted: Callable[[str], bool]) -> None:
        """Bring those files of a sealed folder that are wanted and not there yet."""

        def fetch(file: dict[str, Any]) -> None:
            path = folder / file["name"]
            found = self.store.fetch(f"{sealed.folder}/{file['name']}", path, file["size"])
            if self.strict and (found is None or found[1] != file["sha256"]):
                problem = NOT_THERE if found is None else announced.NOT_AS_SAID
                raise InputRefusedError(*refusal(str(path), problem, state.RESTORE))

        named = [one for one in self._named(folder, sealed) if wanted(one["name"])]
        missing = [one for one in named if not (folder / one["name"]).exists()]
        for parent in sorted({(folder / one["name"]).parent for one in missing}):
            disk.make_folder(parent)
        transfers.each(fetch, missing)
        disk.touch(folder, sealed.since_ns)

    def _named(self, folder: Path, sealed: Sealed) -> list[dict[str, Any]]:
        """The files that a manifest names, of whatever version; none where it is damaged and may be."""
        try:
            return _files(json.loads((folder / sealed.manifest).read_bytes()))
        except (ValueError, KeyError, TypeError):
            return []


def _files(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The files that a manifest names. Raises `ValueError`, `KeyError` or `TypeError` for what are none."""
    named = [file for key in FILES if key in content for file in content[key]]
    for file in named:
        Entry.of(file)
    return named
