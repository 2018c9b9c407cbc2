"""A published folder in the hands of somebody who changes it, and its manifests with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.desk.verify import verify
from jifen_batch.desk.verify.quarters import check_quarters
from jifen_batch.desk.verify.run import check_run
from jifen_batch.inputs.files import hash_file
from jifen_batch.published import manifest
from jifen_batch.tables import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass
class Published:
    """`out` is the output folder."""

    out: Path

    @property
    def run(self) -> Path:
        return (self.out / "current").resolve()

    def quarter(self, name: str) -> Path:
        return self.out / "announced" / f"quarter={name}"

    def found(self, **options) -> set[tuple[str, str]]:
        """Kind and file of every finding; a run's file is named from the run on."""
        inside = f"runs/{self.run.name}/"
        return {(one.kind, one.file.removeprefix(inside)) for one in verify(self.out, **options).findings}

    def in_run(self) -> set[tuple[str, str]]:
        """Likewise of the current run alone."""
        hung = {hash_file(manifest.path(path))[1] for path in self.quarters()}
        inside = f"runs/{self.run.name}/"
        checked = check_run(self.run, self.out, hung)
        return {(one.kind, one.file.removeprefix(inside)) for one in checked.findings}

    def in_quarters(self) -> set[tuple[str, str]]:
        """Likewise of the announced quarters alone, each file named from there on."""
        found = [one for checked in check_quarters(self.out) for one in checked.findings]
        return {(one.kind, one.file.removeprefix("announced/quarter=")) for one in found}

    def quarters(self) -> list[Path]:
        return sorted((self.out / "announced").glob("quarter=*"))

    def edit(self, file: str, change: Callable[[pl.DataFrame], pl.DataFrame], **writing) -> None:
        """A table's file of the current run is another, and the manifest says so."""
        self._edited(self.run, self.run / file, change, "outputs", writing)

    def edit_quarter(
        self, name: str, file: str, change: Callable[[pl.DataFrame], pl.DataFrame], **writing
    ) -> None:
        """Likewise of an announced quarter; later quarters are made to name it as it is now."""
        folder = self.quarter(name)
        self._edited(folder, folder / file, change, "files", writing)
        self.chain()

    def edit_manifest(self, folder: Path, change: Callable[[dict], object]) -> None:
        """A manifest says something else, and has its own digest."""
        path = manifest.path(folder)
        content = json.loads(path.read_bytes())
        change(content)
        path.write_bytes(manifest.as_bytes(content))

    def chain(self) -> None:
        """Every announced quarter, and every wallet, rests on the others as they are now."""
        for folder in self.quarters():
            self.edit_manifest(folder, lambda content: self._rest(content["earlier"]))
        self.edit_manifest(
            self.run, lambda content: self._rest(content["wallets"]["quarters"] + content["announced"])
        )

    def _rest(self, named: list[dict]) -> None:
        for one in named:
            one["sha256"] = hash_file(manifest.path(self.quarter(one["quarter"])))[1]

    def _edited(self, folder, path, change, key, writing) -> None:
        frame = change(pl.read_parquet(path, hive_partitioning=False))
        frame.write_parquet(path, **{"metadata": {"schema_version": SCHEMA_VERSION}} | writing)
        self.tell(folder, path, key, frame.height)

    def tell(self, folder: Path, path: Path, key: str, rows: int) -> None:
        """The manifest of a folder names a file as it is now."""
        size, sha256 = hash_file(path)
        name = path.relative_to(folder).as_posix()

        def entry(content: dict) -> None:
            for one in content[key]:
                if one["name"] == name:
                    one.update(size=size, sha256=sha256, rows=rows)

        self.edit_manifest(folder, entry)
