"""Announced quarters that a kept run knows of and that do not hang any more: lost by accident, or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.published import announced, publish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ACCEPTED = "accepted_gone"


def find(out: Path) -> list[dict[str, Any]]:
    """Quarters that are gone or another now: `quarter`, `sha256` of its manifest, the `run` that knows it.

    One that was withdrawn is not gone, nor one whose loss was accepted before.
    """
    manifests = [publish.read_manifest(folder) for folder in publish.published(out)]
    let_go = announced.withdrawn_digests(out) | {
        one["sha256"] for content in manifests for one in content.get(ACCEPTED, [])
    }
    hung = announced.digests(out)
    gone: dict[str, dict[str, Any]] = {}
    for content in manifests:
        for one in content.get("announced", []):
            # In its own folder: one that was renamed is another quarter's.
            if hung.get(one["quarter"]) != one["sha256"] and one["sha256"] not in let_go:
                said = {"quarter": one["quarter"], "sha256": one["sha256"], "run": content["run_id"]}
                gone.setdefault(one["sha256"], said)
    return sorted(gone.values(), key=lambda one: (one["quarter"], one["sha256"]))


def written(before: Mapping[str, Any], gone: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """For the manifest: the quarters whose loss was accepted, by the run before and now."""
    now = [{"quarter": one["quarter"], "sha256": one["sha256"]} for one in gone]
    return [*before.get(ACCEPTED, []), *now]
