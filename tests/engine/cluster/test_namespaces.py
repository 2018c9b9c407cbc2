"""Two workers in networks of their own, over TLS: what goes beyond this machine goes so."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

import engines
from jifen_batch.worker import run

pytestmark = pytest.mark.timeout(900)
NETWORK = "10.217"
TLS = "DASK_DISTRIBUTED__COMM__TLS__"


def done(*words):
    """Whether a command did what it was asked."""
    return subprocess.run(words, check=False, capture_output=True).returncode == 0


@pytest.fixture
def networks():
    """Two hosts, each with a wire to this one; skipped where that may not be made."""
    names = ("jifen-one", "jifen-two")
    for number, name in enumerate(names):
        wire = (f"jf{number}a", f"jf{number}b")
        made = (
            done("ip", "netns", "add", name)
            and done("ip", "link", "add", wire[0], "type", "veth", "peer", "name", wire[1], "netns", name)
            and done("ip", "addr", "add", f"{NETWORK}.{number}.1/24", "dev", wire[0])
            and done("ip", "link", "set", wire[0], "up")
            and done("ip", "-n", name, "addr", "add", f"{NETWORK}.{number}.2/24", "dev", wire[1])
            and done("ip", "-n", name, "link", "set", wire[1], "up")
            and done("ip", "-n", name, "link", "set", "lo", "up")
        )
        if not made:
            remove(names)
            pytest.skip("network namespaces are not to be had here")
    yield names
    remove(names)


def remove(names):
    for name in names:
        done("ip", "netns", "del", name)


@pytest.fixture
def _certificates(tmp_path, monkeypatch):
    """A certificate of our own authority, by which dask takes scheduler, worker and client for ours."""
    folder = tmp_path / "tls"
    folder.mkdir()
    made = done(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=jifen"),
        *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
    )
    if not made:
        pytest.skip("openssl is not to be had here")
    monkeypatch.setenv(f"{TLS}CA_FILE", str(folder / "cert.pem"))
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        monkeypatch.setenv(f"{TLS}{role}__CERT", str(folder / "cert.pem"))
        monkeypatch.setenv(f"{TLS}{role}__KEY", str(folder / "key.pem"))


@pytest.mark.usefixtures("small_pieces", "_certificates")
def test_two_hosts_give_the_same_files(options, bare, networks, tmp_path):
    here = run(options, engines.LOG)
    bare.schedule("--protocol", "tls", "--host", "0.0.0.0", port=28786)  # noqa: S104 - certificates are asked for
    for number, name in enumerate(networks):
        bare.work(name, "ip", "netns", "exec", name, address=f"tls://{NETWORK}.{number}.1:28786")
    shuffle = tmp_path / "shuffle"
    shuffle.mkdir(mode=0o750)
    scheduler = f"dask+tls://{NETWORK}.0.1:28786"
    asked = replace(options, out=tmp_path / "others", workers=scheduler, shuffle=shuffle)
    others = run(asked, engines.LOG)
    assert engines.files(others) == engines.files(here)
    assert bare.logs.count("Registered to:") >= len(networks)
