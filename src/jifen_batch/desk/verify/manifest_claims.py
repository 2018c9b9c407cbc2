"""What the manifest of a run claims, taken out of it once; whoever edited it may have left anything there."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from jifen_batch import program
from jifen_batch.columns.packing import hash_probe
from jifen_batch.dataclass import dataclass
from jifen_batch.published import read
from jifen_batch.published.sealed import Entry
from jifen_batch.worker.intake import as_mapped, identity

# What a manifest that is no manifest of ours raises while it is taken apart.
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
NO_QUARTERS: dict[str, Any] = {"quarters": []}


@dataclass(frozen=True)
class ManifestClaims:
    """A run's manifest, typed. `wallets` is null where the run had no redemptions.

    `same_hashes`: whether ids have here the hashes that they had where it was made.
    `seen`: SHA-256 of the manifests of the announced quarters that hung when it was published, by quarter.
    """

    run_id: str
    as_of: date
    computed_id: str
    entries: list[Entry]
    accounting: dict[str, int]
    reasons: dict[str, int]
    events: dict[tuple[str, str, int], tuple[int, int, str]]
    dispositions: dict[str, tuple[int, int]]
    lines: int
    points: int
    books: list[dict[str, Any]]
    same_hashes: bool
    version: str
    code: str | None
    schema_version: int
    wallets: dict[str, Any] | None
    seen: dict[str, str]

    @property
    def by_other_code(self) -> bool:
        """Whether the run was made by code that decides results otherwise than this program's, or may."""
        return self.code != program.code()

    @classmethod
    def of(cls, content: dict[str, Any]) -> ManifestClaims:
        """The claims of a manifest. Raises one of `MALFORMED` where it is not one."""
        totals, wallets = content["control_totals"], content.get("wallets")
        entries = [Entry.of(said) for said in content["outputs"]]
        return cls(
            run_id=str(content["run_id"]),
            as_of=date.fromisoformat(content["as_of"]),
            computed_id=_computed_id(content, entries, wallets),
            entries=entries,
            accounting=_counts(content["accounting"]),
            reasons=_counts(content["rejects_by_reason"]),
            events={
                (str(one["town_id"]), str(one["village_id"]), int(one["scoring_year"])): (
                    int(one["events"]),
                    int(one["received"]),
                    str(one["checksum"]),
                )
                for one in content["events_by_village_year"]
            },
            dispositions={
                str(name): (int(total["lines"]), int(total["points"]))
                for name, total in totals["dispositions"].items()
            },
            lines=int(totals["lines"]),
            points=int(totals["points"]),
            books=[dict(book) for book in content["books"]],
            same_hashes=_same_hashes(content["versions"]),
            version=str(content["versions"]["jifen-batch"]),
            code=content["versions"].get("code"),
            schema_version=schema_version(content),
            wallets=None if wallets is None else _wallets(wallets),
            # Earlier runs wrote down only those that their wallets rest on.
            seen=_quarters(
                content["announced"] if "announced" in content else (wallets or NO_QUARTERS)["quarters"]
            ),
        )


def _same_hashes(versions: dict[str, Any]) -> bool:
    """Whether ids are hashed as by these versions; earlier programs kept no probe of it."""
    if "id_hashes" in versions:
        return bool(versions["id_hashes"] == hash_probe())
    return bool(versions["polars"] == pl.__version__)


def schema_version(content: dict[str, Any]) -> int:
    """The version of the tables that a manifest names. Raises `KeyError` or `ValueError`."""
    version = read.number(content[read.KEY])
    if version is None:
        raise ValueError(read.KEY)
    return version


def _counts(said: dict[str, Any]) -> dict[str, int]:
    return {str(name): int(count) for name, count in said.items()}


def _wallets(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "points": _counts(said["points"]),
        "households": _counts(said["households"]),
        "quarters": _quarters(said["quarters"]),
    }


def _quarters(said: list[dict[str, Any]]) -> dict[str, str]:
    return {str(one["quarter"]): str(one["sha256"]) for one in said}


def _computed_id(content: dict[str, Any], entries: list[Entry], wallets: dict[str, Any] | None) -> str:
    """The run's id worked out from what the manifest says went into it; empty where days contradict."""
    if content["options"]["as_of"] != content["as_of"]:
        return ""
    inputs = [[one["role"], one["name"], one["sha256"]] for one in content["inputs"]]
    inside = "rules/"
    rules = [
        [entry.name.removeprefix(inside), entry.sha256] for entry in entries if entry.name.startswith(inside)
    ]
    # Programs of before 0.2.0 read no mappings.
    mapped = as_mapped((str(one["role"]), str(one["sha256"])) for one in content.get("mappings", ()))
    announced = None if wallets is None else [[one["quarter"], one["sha256"]] for one in wallets["quarters"]]
    versions = content["versions"]
    # Programs of before 0.2.0 did not say what their code was.
    code = [versions["code"]] if "code" in versions else []
    worker = [versions["jifen-batch"], content["schema_version"], *code]
    return identity(inputs, rules, content["options"] | mapped, worker, announced)
