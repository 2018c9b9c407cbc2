"""What is asked of an object store, a function each: the one seam at which tests put faults.

Nothing else in the package calls obstore, which is an extra and loaded when the first address is opened.
They say what obstore says; `object_store` turns that into sentences.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from obstore.store import ObjectStore

CONNECT_SECONDS, RETRIES, RETRY_SECONDS = 10, 3, 30
PIECE_BYTES = 1 << 22
# Larger files go up in pieces; an object is whole or not there all the same.
ONE_PIECE_BYTES = 1 << 26


def open_bucket(bucket: str, seconds: int, headers: Mapping[str, str]) -> ObjectStore:
    """A bucket, by the usual variables of the environment: endpoint, region and keys (AWS_…).

    A request that takes longer than `seconds` has failed; `headers` go with each.
    """
    from obstore.store import S3Store  # noqa: PLC0415 - an extra

    return S3Store(
        bucket,
        client_options={
            "allow_http": os.environ.get("AWS_ALLOW_HTTP", "").lower() in {"1", "true"},
            "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
            "timeout": timedelta(seconds=seconds),
            "default_headers": dict(headers),
        },
        retry_config={"max_retries": RETRIES, "retry_timeout": timedelta(seconds=RETRY_SECONDS)},
    )


def listed(store: ObjectStore, prefix: str) -> Iterator[Mapping[str, Any]]:
    """Path, size, e_tag and last_modified of every object below a prefix."""
    import obstore  # noqa: PLC0415 - likewise

    for page in obstore.list(store, prefix or None):
        yield from page


def head(store: ObjectStore, key: str) -> Mapping[str, Any]:
    """The same of one object."""
    import obstore  # noqa: PLC0415 - likewise

    return obstore.head(store, key)


def get(store: ObjectStore, key: str) -> tuple[Mapping[str, Any], Iterator[bytes]]:
    """The same of an object, and its bytes, piece by piece."""
    import obstore  # noqa: PLC0415 - likewise

    found = obstore.get(store, key)
    return found.meta, (bytes(piece) for piece in found.stream(min_chunk_size=PIECE_BYTES))


def put(store: ObjectStore, key: str, content: Path | bytes) -> None:
    """Write an object, over one that is there."""
    import obstore  # noqa: PLC0415 - likewise

    size = len(content) if isinstance(content, bytes) else content.stat().st_size
    obstore.put(store, key, content, use_multipart=size > ONE_PIECE_BYTES)


def create(store: ObjectStore, key: str, content: bytes) -> None:
    """Write a new object; one that is there already is an `AlreadyExistsError`."""
    import obstore  # noqa: PLC0415 - likewise

    obstore.put(store, key, content, mode="create", use_multipart=False)


def delete(store: ObjectStore, keys: Sequence[str]) -> None:
    """Remove objects; one that is not there is well, too."""
    import obstore  # noqa: PLC0415 - likewise

    obstore.delete(store, list(keys))
