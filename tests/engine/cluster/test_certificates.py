"""Certificates that this machine cannot show are told before anybody is asked for, each as what it is."""

from __future__ import annotations

import dask
import pytest

from jifen_batch.engine.on_dask import OnDask
from jifen_batch.errors import UsageRefusedError

TLS = "distributed.comm.tls"


def settings(folder, *names):
    """What dask is told of files in a folder, in the order of authority, certificate and key."""
    keys = (f"{TLS}.ca-file", f"{TLS}.client.cert", f"{TLS}.client.key")
    return dict(zip(keys, (str(folder / name) for name in names), strict=True))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (None, "dask's configuration names no certificates"),
        (("ca.pem", "gone.pem", "node.key"), r"names \S+/gone.pem, which cannot be read \(No such file"),
        (("ca.pem", "node.pem", "folder"), r"names \S+/folder, which cannot be read \(Is a directory"),
        (("ca.pem", "node.pem", "node.key"), r"names certificates that do not go together, or are none \("),
    ],
)
def test_what_cannot_be_shown_is_told_with_its_file(tmp_path, names, words):
    (tmp_path / "folder").mkdir()
    for name in ("ca.pem", "node.pem", "node.key"):
        (tmp_path / name).write_text(
            "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n", "ascii"
        )
    files = settings(tmp_path, *names) if names else {}
    with dask.config.set(files), pytest.raises(UsageRefusedError, match=words) as told:
        OnDask("tls://127.0.0.1:9")
    assert "engineer/workers-ssh" in told.value.zh
