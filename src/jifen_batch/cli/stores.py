"""Addresses on the command line: what lies there is brought to the disk, and the command reads it there.

The output folder is a copy of what is published (`published.remote`), which carries back what is added to
it; it goes away with the command. An input is brought whole (`inputs.fetched`).
"""

# ruff: noqa: PLC0415 - what speaks with stores is imported when an address is named, and never else

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jifen_batch.cli.values import PathText, Remote
from jifen_batch.storage import address

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from jifen_batch.storage.address import Address
    from jifen_batch.storage.object_store import ObjectFolder

SCRATCH = ".jifen-store"
# Who looks for damage gets what there is, and who names the folder needs none of its tables.
LOOKS_FOR_DAMAGE, NAMES = "verify", "current"


def named(ctx: click.Context) -> bool:
    """Whether a command line names an address."""
    return any(address.is_address(text) for _, text in _texts(ctx))


@contextmanager
def at_hand(ctx: click.Context) -> Iterator[None]:
    """Inside, every address among the parameters of a command is the path of what lies there.

    Raises `UsageRefusedError` where the extra for stores is not installed, `InputRefusedError` for what is
    not there or damaged, and `DiskError`.
    """
    import tempfile

    from jifen_batch.published import at_hand as copies
    from jifen_batch.published.remote.mirror import RemoteMirror
    from jifen_batch.storage import scratch
    from jifen_batch.storage.object_store import ObjectFolder

    address.forget()
    with scratch.folder(Path(tempfile.gettempdir()).resolve(), f"{SCRATCH}-{os.getuid()}-") as below:
        _bring_inputs(ctx, below)
        published = next((at for option, at in _addresses(ctx, Remote.PUBLISHED)), None)
        if published is None:
            yield
            return
        out = below / "out"
        mirror = RemoteMirror(
            ObjectFolder(published),
            out,
            strict=ctx.info_name != LOOKS_FOR_DAMAGE,
            named=ctx.info_name == NAMES,
        )
        ctx.params["out"] = str(out)
        with copies.mirrored(out, mirror):
            yield


def _bring_inputs(ctx: click.Context, below: Path) -> None:
    """Bring the inputs, each object once; what lay together in a bucket lies together."""
    from jifen_batch.inputs import fetched
    from jifen_batch.storage.address import Address
    from jifen_batch.storage.object_store import ObjectFolder

    buckets: dict[str, ObjectFolder] = {}
    paths: dict[str, str] = {}
    for option, at in _addresses(ctx, Remote.INPUT):
        bucket = buckets.setdefault(at.bucket, ObjectFolder(Address(at.bucket, "")))
        paths[str(at)] = str(fetched.fetch(bucket, at.key, option, below / "inputs" / at.bucket))
    for name, value in ctx.params.items():
        if isinstance(value, tuple):
            ctx.params[name] = tuple(_path(one, paths) for one in value)
        else:
            ctx.params[name] = _path(value, paths)


def _path(value: object, paths: dict[str, str]) -> object:
    """The path that stands for an address; any other value as it is."""
    at = address.parse(value) if isinstance(value, str) else None
    return paths.get(str(at), value)


def _addresses(ctx: click.Context, remote: Remote) -> Iterator[tuple[str, Address]]:
    """The addresses of one kind, with the options that name them."""
    for option, text in _texts(ctx):
        assert isinstance(option.type, PathText)  # noqa: S101 - holds by `_texts`
        at = address.parse(text) if option.type.remote is remote else None
        if at:
            yield str(option.name), at


def _texts(ctx: click.Context) -> Iterator[tuple[click.Parameter, str]]:
    """Every path that was given, with its option."""
    for option in ctx.command.params:
        if isinstance(option.type, PathText) and option.name in ctx.params:
            value = ctx.params[option.name]
            for text in value if isinstance(value, tuple) else [value]:
                if text is not None:
                    yield option, text
