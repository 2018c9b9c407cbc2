"""An output folder and inputs at a server that speaks S3, and at one that fails, freezes or is another's."""

import json
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import duckdb
import obstore
import polars as pl
import pyarrow.dataset as ds
import pyarrow.fs
import pytest
from click.testing import CliRunner

from faults import scenes
from faults.soaking import chosen
from jifen_batch.cli.program import program
from jifen_batch.errors import DiskError, InputRefusedError, LockedError, LossError, TooManyRejectsError
from jifen_batch.storage import object_operations, object_store
from stores import remote
from stores.server.conftest import ROOT, SECRET, emptied
from stores.server.proxy import Answer, Proxy

RACES, PUBLISHES, READS, SAMPLE = 20, 100, 200, 6
BETWEEN_READS_SECONDS = 0.04
SCENES = ("a run over an earlier one", "a quarter hung up", "a night refused for its rejects")
REFUSALS = (TooManyRejectsError, LossError)
NOT_IMPLEMENTED = b"<Error><Code>NotImplemented</Code></Error>"
EXISTS = b"<Error><Code>FileAlreadyExists</Code></Error>"


@pytest.fixture
def proxy(environment, monkeypatch):
    """The proxy, in the place of the server."""
    serving = Proxy(environment["AWS_ENDPOINT_URL"])
    monkeypatch.setenv("AWS_ENDPOINT_URL", serving.endpoint)
    yield serving
    serving.close()


@pytest.fixture
def hasty(monkeypatch):
    """Nothing is asked again."""
    monkeypatch.setattr(object_operations, "RETRIES", 0)


def asked(*words):
    """The command, in this process."""
    return CliRunner().invoke(program, words)


def command(*words):
    """The command, as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "jifen_batch", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def upload():
    """The fixture village's files, in the bucket under their own names."""
    store = bucket()
    for name in (
        "fixtures/events",
        "fixtures/households.csv",
        "configs/rules/baoshan-2023.toml",
        "fixtures/rules",
    ):
        path = ROOT / name
        for file in [path] if path.is_file() else path.rglob("*.*"):
            obstore.put(store, file.relative_to(ROOT).as_posix(), file)


def scored(by, below, out):
    rules = [f"{below}/configs/rules/baoshan-2023.toml", f"{below}/fixtures/rules"]
    words = ["--events", f"{below}/fixtures/events", "--households", f"{below}/fixtures/households.csv"]
    words += [word for one in rules for word in ("--rules", one)]
    return by("run", *words, "--out", out, "--as-of", "2024-07-20", "--log-level", "debug")


@pytest.mark.usefixtures("environment")
def test_a_village_is_scored_announced_checked_and_read_in_the_store(tmp_path):
    upload()
    ended = scored(command, "s3://village", "s3://village/town")
    assert ended.returncode == 0, ended.stderr
    assert scored(asked, ROOT, str(tmp_path / "disk")).exit_code == 0
    for words in (("announce", "--quarter", "2023Q1"), ("verify", "--all"), ("explain", "TH-04")):
        ended = asked(words[0], "--out", "s3://village/town", *words[1:])
        assert ended.exit_code == 0, ended.stderr
        assert SECRET not in ended.stdout + ended.stderr
    assert list((tmp_path / "scratch").iterdir()) == []
    run = asked("current", "--out", "s3://village/town").stdout.strip()
    on_disk = (tmp_path / "disk" / "current").resolve()
    assert run.split("/")[-2] == on_disk.name
    points = pl.scan_parquet(on_disk / "ledger").select(pl.col("points").sum()).collect().item()
    assert read_by_all(run) == dict.fromkeys(("polars", "pyarrow", "duckdb"), points)


def read_by_all(run):
    """The points of a run's ledger by each reader, as the page for engineers tells."""
    import os  # noqa: PLC0415

    polars = pl.scan_parquet(f"{run}/ledger/**/*.parquet").select(pl.col("points").sum()).collect().item()
    system = pyarrow.fs.S3FileSystem(
        endpoint_override=os.environ["AWS_ENDPOINT_URL"].removeprefix("http://"), scheme="http"
    )
    ledger = ds.dataset(f"{run.removeprefix('s3://')}/ledger", filesystem=system, partitioning="hive")
    by_arrow = ledger.to_table(columns=["points"])["points"].to_pylist()
    by_duckdb = duckdb.sql("SELECT sum(points) FROM ledger").fetchall()[0][0]
    return {"polars": polars, "pyarrow": sum(by_arrow), "duckdb": int(by_duckdb)}


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.usefixtures("hasty")
def test_every_request_that_fails_ends_with_seven_and_is_old_or_new(name, proxy, tmp_path):
    """Refused from then on; answered with an error though it was done; cut in the middle of its answer.

    A sample of them; all when soaking.
    """
    scene = scenes.SCENES[name]
    remote.play(scene.before, tmp_path / "before")
    was, store = remote.state(tmp_path / "was"), bucket()
    held = [*holds(store)]
    proxy.seen.clear()
    with suppress(*REFUSALS):
        remote.play(scene.act, tmp_path / "counted")
    requests = len(proxy.seen)
    assert requests > 10
    failed = 0
    sample = chosen([*range(1, requests + 1)], SAMPLE)
    for at in sample:
        reset(proxy)
        for key, content in held:
            obstore.put(store, key, content)
        proxy.seen.clear()
        proxy.rule = (refuses, done_but_refused, cuts)[at % 3](proxy, at)
        try:
            remote.play(scene.act, tmp_path / f"{at}")
        except DiskError:
            failed += 1
        except REFUSALS:
            pass
        proxy.rule = lambda _: None
        assert remote.state(tmp_path / f"{at}-seen") in {was, scene.states[-1]}
        with suppress(*REFUSALS):
            remote.play(scene.act, tmp_path / f"{at}-again")
        assert remote.state(tmp_path / f"{at}-end") == scene.states[-1]
    assert failed > len(sample) // 2


def reset(proxy):
    """An empty bucket."""
    emptied(f"http://{proxy.server_address}")


def bucket():
    """The bucket, as anybody has it."""
    return object_operations.open_bucket("village", 60, {})


def holds(store):
    """Keys and contents of all that a bucket holds."""
    for page in obstore.list(store):
        yield from ((one["path"], bytes(obstore.get(store, one["path"]).bytes())) for one in page)


def refuses(_proxy, at):
    return lambda request: (
        Answer(503, b"<Error><Code>SlowDown</Code></Error>") if request.number >= at else None
    )


def done_but_refused(proxy, at):
    def rule(request):
        if request.number != at:
            return None
        proxy.asked(request)
        return Answer(500, b"<Error><Code>InternalError</Code></Error>")

    return rule


def cuts(proxy, at):
    def rule(request):
        if request.number != at:
            return None
        answer = proxy.asked(request)
        answer.cut = True
        answer.headers["Content-Length"] = str(len(answer.body) or 1)
        return answer

    return rule


@pytest.mark.usefixtures("hasty")
def test_a_store_that_freezes_is_given_up(proxy, tmp_path, monkeypatch):
    remote.play(scenes.one_run, tmp_path / "one")
    monkeypatch.setattr(object_store, "SECONDS", 2)
    thawed = threading.Event()

    def freezes(request):
        if request.method == "PUT":
            thawed.wait(30)

    proxy.rule = freezes
    began = time.monotonic()
    with pytest.raises(DiskError, match="no answer in time"):
        remote.play(lambda store, out: scenes.run(store, out, scenes.NEW), tmp_path / "out")
    assert time.monotonic() - began < 20
    thawed.set()
    proxy.rule = lambda _: None
    monkeypatch.setattr(object_store, "SECONDS", 60)
    assert remote.state(tmp_path / "seen").current == scenes.OLD


def test_what_fails_once_is_asked_again(proxy, tmp_path):
    """As a busy store answers now and then."""
    answered = []

    def busy(request):
        if request.number % 5 == 0 and request.path not in answered:
            answered.append(request.path)
            return Answer(503, b"<Error><Code>SlowDown</Code></Error>")
        return None

    proxy.rule = busy
    remote.play(scenes.one_run, tmp_path / "one")
    assert answered
    assert remote.state(tmp_path / "seen").current == scenes.OLD


def test_of_two_publishers_one_wins_and_one_ends_with_five(proxy, tmp_path):
    held = threading.Lock()

    def one_at_a_time(request):
        # The test's server looks first and writes then; a store does both at once.
        if request.method != "PUT":
            return None
        with held:
            return proxy.asked(request)

    proxy.rule = one_at_a_time
    for race in range(RACES):
        reset(proxy)
        ready = threading.Barrier(2)

        def publishes(run_id, out, ready=ready):
            with remote.brought(out):
                ready.wait(20)
                scenes.run(scenes.real(), out, run_id)

        remote.race(race, tmp_path, publishes)


@pytest.mark.usefixtures("environment")
def test_readers_that_resolve_once_never_mix_two_runs(tmp_path):
    run_ids = [scenes.OLD, scenes.NEW]
    remote.play(lambda store, out: scenes.run(store, out, run_ids[-1]), tmp_path / "first")
    store, stop, read, mixed = bucket(), threading.Event(), [0], [0]

    def get(key):
        return bytes(obstore.get(store, key).bytes())

    def reads():
        while not stop.is_set() or read[0] < READS:
            last = max(one["path"] for page in obstore.list(store, "town/current/") for one in page)
            run = f"town/{json.loads(get(last))['run']}"
            mixed[0] += (
                get(f"{run}/ledger/scoring_year=2023/part-00000") != get(f"{run}/standings/part-00000")[::-1]
            )
            read[0] += 1
            # Several to a publication are enough; as many as there is time for would take half of it.
            stop.wait(BETWEEN_READS_SECONDS)

    reader = threading.Thread(target=reads)
    reader.start()
    for number in range(PUBLISHES):
        run_id = run_ids[number % len(run_ids)]
        remote.play(lambda store, out, run_id=run_id: scenes.run(store, out, run_id), tmp_path / f"{number}")
    stop.set()
    reader.join(60)
    assert (read[0] >= READS, mixed[0]) == (True, 0)


@pytest.mark.parametrize("header", ["x-oss-forbid-overwrite", "x-cos-forbid-overwrite"])
def test_another_providers_header_serves_where_conditions_do_not(header, proxy, tmp_path):
    """OSS answers 501 to If-None-Match and 409 where its own header forbids to write over."""

    def other_provider(request):
        if {"if-none-match", "if-match"} & request.headers.keys():
            return Answer(501, NOT_IMPLEMENTED)
        if request.method == "PUT" and request.headers.get(header) == "true":
            request.method = "HEAD"
            there = proxy.asked(request).status == 200
            request.method = "PUT"
            if there:
                return Answer(409, EXISTS)
        return None

    proxy.rule = other_provider
    remote.play(scenes.one_run, tmp_path / "one")
    with remote.brought(tmp_path / "late"):
        remote.play(lambda store, out: scenes.run(store, out, scenes.NEW), tmp_path / "quick")
        with pytest.raises(LockedError):
            scenes.run(scenes.real(), tmp_path / "late", scenes.OTHER)
    assert remote.state(tmp_path / "seen").current == scenes.NEW


def test_a_store_that_knows_no_way_to_create_is_refused(proxy, tmp_path):
    def passes_over(request):
        request.headers.pop("if-none-match", None)
        return proxy.asked(request)

    proxy.rule = passes_over
    with pytest.raises(InputRefusedError, match="the store writes over an object"):
        remote.play(scenes.one_run, tmp_path / "one")
    assert remote.state(tmp_path / "seen") == scenes.State(None)


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (403, b"<Error><Code>AccessDenied</Code></Error>", "not allowed, 403"),
        (404, b"<Error><Code>NoSuchBucket</Code></Error>", "there is no such bucket"),
        (400, b"<Error><Code>InvalidRequest</Code></Error>", "the store answered 400"),
    ],
)
@pytest.mark.usefixtures("hasty")
def test_what_the_store_answers_is_said(status, body, says, proxy):
    proxy.rule = lambda _: Answer(status, body)
    ended = asked("current", "--out", "s3://village/town", "--language", "en")
    assert ended.exit_code == 7
    assert says in ended.stderr
    assert SECRET not in ended.stderr


def test_a_fleet_reads_the_registers_of_counties_in_a_store(environment, tmp_path):
    upload()
    listed = ""
    for name in ("east", "west"):
        (tmp_path / f"{name}.toml").write_text(
            'events = "s3://village/fixtures/events"\nhouseholds = "s3://village/fixtures/households.csv"\n'
            'rules = ["s3://village/configs/rules/baoshan-2023.toml", "s3://village/fixtures/rules"]\n'
            f'out = "s3://village/{name}"\n'
        )
        listed += f'[[counties]]\nname = "{name}"\nconfig = "{name}.toml"\n'
    (tmp_path / "counties.toml").write_text(listed)
    words = ["--counties", str(tmp_path / "counties.toml"), "--to", str(tmp_path / "night"), "--json"]
    ended = command("fleet", *words, "--as-of", "2024-07-20", "--at-once", "2")
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["shared_ids"]["count"] == 44
    assert (
        environment["AWS_SECRET_ACCESS_KEY"] not in Path(tmp_path / "night" / "logs" / "east.log").read_text()
    )
