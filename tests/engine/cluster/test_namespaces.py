"""Two workers in networks of their own, over TLS: what goes beyond this machine goes so."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from copy import deepcopy

import dask
import pytest

import engines
from dask_cluster import Cluster
from jifen_batch.engine import on_dask
from jifen_batch.errors import WorkersLostError
from jifen_batch.worker import run
from test_worker_pages import blocks

pytestmark = pytest.mark.timeout(300)
NETWORK = "10.217"
WIRES = ("jf0a", "jf1a")
PORT = 28786


def done(*words):
    """Whether a command did what it was asked."""
    return subprocess.run(words, check=False, capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def networks():
    """Two hosts, each with a wire to this one; skipped where that may not be made."""
    names = ("jifen-one", "jifen-two")
    # Those of a test that was killed.
    remove(names)
    for number, name in enumerate(names):
        wire = (WIRES[number], f"jf{number}b")
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
    # A network takes its wires along some time later: the next test would find theirs and be skipped.
    for wire in WIRES:
        done("ip", "link", "del", wire)
    for name in names:
        done("ip", "netns", "del", name)


def inside(name):
    """The words before a command of a host."""
    return ("ip", "netns", "exec", name)


def made_in(folder):
    """An authority of our own, a certificate by it and what dask is told of them, all as the page has it."""
    folder.mkdir()
    made = next(block for block in blocks("ssh", "en", "sh") if block.startswith("openssl"))
    subprocess.run(["/bin/sh", "-e", "-c", made], cwd=folder, check=True, capture_output=True)
    (told,) = blocks("ssh", "en", "yaml")
    (folder / "tls.yaml").write_text(told.replace("/etc/dask", str(folder)), "utf-8")
    return folder


@contextmanager
def configured(folder):
    """Inside, dask and whoever is started is told what a folder says."""
    before = deepcopy(dask.config.config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASK_CONFIG", str(folder))
        # An earlier test may have loaded dask, which looks for files once.
        dask.config.refresh(paths=[str(folder)])
        yield
    dask.config.config.clear()
    dask.config.config.update(before)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """Those of this machine and its hosts."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not to be had here")
    folder = made_in(tmp_path_factory.mktemp("certificates") / "tls")
    with configured(folder):
        yield folder


@pytest.fixture(scope="module")
def hosts(networks, certificates, tmp_path_factory):  # noqa: ARG001 - they are made before
    """A scheduler here, and a worker on each of two hosts; they end before their networks."""
    cluster = Cluster(tmp_path_factory.mktemp("hosts"))
    cluster.schedule("--protocol", "tls", "--host", "0.0.0.0", port=PORT)  # noqa: S104 - certificates are asked for
    for number, name in enumerate(networks):
        cluster.work(name, before=inside(name), address=f"tls://{NETWORK}.{number}.1:{PORT}")
    cluster.address = f"tls://{NETWORK}.0.1:{PORT}"
    yield cluster
    cluster.end()


@pytest.mark.usefixtures("small_pieces")
def test_two_hosts_give_the_same_files(options, digests, hosts, by_cluster):
    assert engines.files(run(by_cluster(hosts), engines.LOG)) == digests(options)
    assert hosts.logs.count("Registered to:") >= len(WIRES)


def test_an_authority_that_is_not_the_schedulers_is_told_as_that(hosts, by_cluster, tmp_path):
    with configured(made_in(tmp_path / "alien")), pytest.raises(WorkersLostError) as told:
        run(by_cluster(hosts), engines.LOG)
    assert "its certificate is not by the authority that is named here" in str(told.value)
    assert "不是这里所写的机构签发的" in told.value.zh


@pytest.mark.usefixtures("small_pieces")
def test_a_host_whose_wire_is_cut_costs_time_only(options, digests, hosts, by_cluster, monkeypatch):
    """Nothing says that it is gone; it goes on with what it was at, and nobody hears of it. It stays cut."""
    monkeypatch.setattr(on_dask, "FROZEN_SECONDS", 6.0)
    cut = []
    engines.at_the_first_part(monkeypatch, lambda: cut.append(done("ip", "link", "set", WIRES[1], "down")))
    assert engines.files(run(by_cluster(hosts), engines.LOG)) == digests(options)
    assert cut == [True]
