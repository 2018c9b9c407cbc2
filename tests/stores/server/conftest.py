"""An S3 server of its own environment (`make test-stores`); without one these tests are not collected."""

import http.client
import os
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

SERVER = os.environ.get("MOTO_SERVER")
collect_ignore_glob = [] if SERVER else ["test_*.py"]
ROOT = Path(__file__).parents[3]
SECRET = "canary-of-the-secret-key"  # noqa: S105 - a canary
STARTS_SECONDS = 60


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory):
    """The address of the server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path_factory.mktemp("moto") / "log").open("wb")
    process = subprocess.Popen([SERVER, "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log)
    until = time.monotonic() + STARTS_SECONDS
    while True:
        with socket.socket() as there:
            if there.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert time.monotonic() < until, "the server does not start"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(20)
    log.close()


def emptied(endpoint):
    """Have the server hold one empty bucket."""
    for method, path in (("POST", "/moto-api/reset"), ("PUT", "/village")):
        connection = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=60)
        connection.request(method, path, b"")
        assert connection.getresponse().status == 200
        connection.close()


@pytest.fixture
def environment(endpoint, monkeypatch, tmp_path):
    """The variables of a bucket of the test's own, `village`, emptied before."""
    emptied(endpoint)
    (tmp_path / "scratch").mkdir()
    said = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "village",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "NO_PROXY": "127.0.0.1",
        "TMPDIR": str(tmp_path / "scratch"),
    }
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    return said
