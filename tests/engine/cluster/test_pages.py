"""What the pages tell to type and to lay down for dask is taken by dask as it is installed."""

from __future__ import annotations

import re
import shlex

import click
import dask
import pytest
import yaml
from distributed.cli.dask_scheduler import main as scheduler
from distributed.cli.dask_worker import main as worker

from test_worker_pages import blocks

COMMANDS = {"scheduler": scheduler, "worker": worker}
CALLED = re.compile(r"(?:^|/|\s)dask ((?:scheduler|worker) [^'\n]*)")


def asked():
    """Every call of dask that a page has, as words."""
    typed = [*blocks("ssh", "en", "sh"), *blocks("ssh", "en", "ini")]
    for text in typed:
        yield from (shlex.split(called) for called in CALLED.findall(text))
    (text,) = blocks("kubernetes", "en", "yaml")
    for one in yaml.safe_load_all(text):
        if one["kind"] == "Deployment":
            for container in one["spec"]["template"]["spec"]["containers"]:
                yield container["command"][1:]


def test_every_call_is_understood():
    calls = [*asked()]
    assert [words[0] for words in calls].count("scheduler") == 3
    assert [words[0] for words in calls].count("worker") == 4
    for name, *words in calls:
        command = COMMANDS[name]
        given = command.make_context(name, [*words]).params
        assert given["dashboard"] is False
        # The page of a scheduler or worker has no certificate, and is there without a dashboard, too.
        assert given["dashboard_address"] == "127.0.0.1:0"
        if name == "worker":
            assert given["scheduler"].startswith("tls://")
        else:
            assert given["protocol"] == "tls"


def test_what_the_page_configures_is_what_dask_asks_for():
    (text,) = blocks("ssh", "en", "yaml")

    def keys(tree, below=()):
        for key, value in tree.items():
            if isinstance(value, dict):
                yield from keys(value, (*below, key))
            else:
                yield ".".join((*below, key))

    known = set(keys(dask.config.defaults[-1])).union(*(keys(one) for one in dask.config.defaults))
    named = {*keys(yaml.safe_load(text))}
    assert named <= known, named - known


def test_an_option_that_is_none_would_be_seen():
    with pytest.raises(click.NoSuchOption):
        worker.make_context("worker", ["tls://head:8786", "--nthread-count", "8"])
