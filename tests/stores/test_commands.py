"""Commands on addresses: as on a disk to the last byte, with the addresses in all that is said."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from jifen_batch.cli.program import program
from jifen_batch.storage import object_operations
from stores import remote

ROOT = Path(__file__).parents[2]
BASE, LOCAL = "configs/rules/baoshan-2023.toml", "fixtures/rules"
INPUTS = ("fixtures/events", "fixtures/households.csv", BASE, LOCAL)
S3 = "s3://village"


@pytest.fixture
def village(bucket, monkeypatch, tmp_path):
    """The fixture village's files in the bucket, under their own names."""
    for name in INPUTS:
        path = ROOT / name
        for file in [path] if path.is_file() else path.rglob("*.*"):
            bucket.write(file.relative_to(ROOT).as_posix(), file.read_bytes())
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "scratch").mkdir()
    return bucket


@pytest.fixture(scope="module")
def night():
    """What a store holds after a night over the fixture village, made once."""
    with pytest.MonkeyPatch.context() as patch:
        bucket = remote.installed(patch)
        ended = scored(ROOT, f"{S3}/town")
        assert ended.exit_code == 0, ended.stderr
        return {key: bucket.read(key) for key in bucket.listed()}


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory):
    """The output folder of such a night on a disk."""
    out = tmp_path_factory.mktemp("disk") / "out"
    assert scored(ROOT, str(out)).exit_code == 0
    return out


@pytest.fixture
def disk(on_disk, tmp_path):
    """A copy of that to go on with."""
    return shutil.copytree(on_disk, tmp_path / "disk", symlinks=True)


@pytest.fixture
def town(night, village):
    """The bucket with the village's files, and with such a night."""
    for key, content in night.items():
        village.write(key, content)
    return village


def call(*words):
    """A command in this process."""
    return CliRunner().invoke(program, [*words, "--language", "en"])


def scored(below, out, *more, events=None):
    """The village scored, its inputs below some place, but for other events."""
    rules = ("--rules", f"{below}/{BASE}", "--rules", f"{below}/{LOCAL}")
    inputs = (
        "--events",
        events or f"{below}/fixtures/events",
        "--households",
        f"{below}/fixtures/households.csv",
    )
    day = () if "--as-of" in more else ("--as-of", "2024-07-20")
    return call("run", *inputs, *rules, "--out", out, *day, *more)


def test_a_run_in_a_store_is_the_run_on_a_disk(village, on_disk, tmp_path):
    said = scored(S3, f"{S3}/town", "--json")
    assert said.exit_code == 0, said.stderr
    run = (on_disk / "current").resolve()
    assert json.loads(said.stdout)["folder"].startswith(f"{S3}/town/runs/{run.name}/")
    named = call("current", "--out", f"{S3}/town").stdout.strip()
    assert named == json.loads(said.stdout)["folder"]
    key = named.removeprefix(f"{S3}/")
    for file in run.rglob("*"):
        if file.is_file() and file.name != "manifest.json":
            assert village.read(f"{key}/{file.relative_to(run).as_posix()}") == file.read_bytes()
    manifest = village.read(f"{key}/manifest.json").decode()
    assert str(tmp_path) not in manifest


STATEMENT = "household_id,scoring_year,points\nTH-04,2023,1\n"
RULES = ("--rules", f"{ROOT}/{BASE}", "--rules", f"{ROOT}/{LOCAL}")
ASKED = (
    ("explain", "TH-04", "--json"),
    ("reconcile", "--statement", "{to}/statement.csv", "--json"),
    (
        "what-if",
        "--events",
        f"{ROOT}/fixtures/events",
        "--households",
        f"{ROOT}/fixtures/households.csv",
        *RULES,
    ),
    ("export", "standings", "--to", "{to}/standings.csv"),
    ("export", "standings", "--run", "{run}", "--to", "{to}/earlier.csv"),
    ("report", "--run", "current", "--to", "{to}/later.html"),
    ("worklist", "--to", "{to}/lists"),
    ("report", "--to", "{to}/report.html"),
    ("compare", "{run}", "current", "--json"),
    ("verify", "--all", "--json"),
    ("announce", "--quarter", "2023Q1", "--dry-run"),
    ("announce", "--quarter", "2023Q1", "--json"),
    ("verify",),
)


@pytest.mark.usefixtures("town")
def test_what_is_asked_of_a_store_is_answered_as_on_a_disk(disk, tmp_path):
    """With the same answer and the same files; of the copy that it was read from nothing is left or named."""
    answers = {}
    for kind, out in (("asked-of-disk", str(disk)), ("asked-of-store", f"{S3}/town")):
        run = json.loads(call("current", "--out", out, "--json").stdout)["run_id"]
        assert scored(ROOT, out, "--as-of", "2024-09-20").exit_code == 0
        (to := tmp_path / kind).mkdir()
        (to / "statement.csv").write_text(STATEMENT)
        for words in ASKED:
            ended = call(words[0], "--out", out, *(word.format(to=to, run=run) for word in words[1:]))
            assert ended.exit_code == (4 if words[0] == "reconcile" else 0), (words, ended.stderr)
            assert str(tmp_path / "scratch") not in f"{ended.stdout}{ended.stderr}"
            if words[0] in {"explain", "compare", "reconcile"}:
                answers.setdefault(words, []).append(json.loads(ended.stdout))
        answers.setdefault("files", []).append(
            {path.relative_to(to): path.suffix == ".csv" and path.read_bytes() for path in to.rglob("*.*")}
        )
    for asked, (on_disk, in_store) in answers.items():
        assert on_disk == in_store, asked
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_quarter_in_a_store_is_the_quarter_on_a_disk_and_is_withdrawn_and_hung_again(town, disk):
    for out in (str(disk), f"{S3}/town"):
        assert call("announce", "--out", out, "--quarter", "2023Q1").exit_code == 0
    hung = disk / "announced" / "quarter=2023Q1"
    (key,) = {
        key.rpartition("/")[0] for key in town.listed("announced/quarter=2023Q1") if "_about" not in key
    }
    for file in hung.glob("*.parquet"):
        assert town.read(f"{key}/{file.name}") == file.read_bytes()
    assert call("announce", "--out", f"{S3}/town", "--withdraw", "2023Q1", "--reason", "误").exit_code == 0
    again = call("announce", "--out", f"{S3}/town", "--quarter", "2023Q1", "--json")
    assert json.loads(again.stdout)["manifest"]["replaces"]["reason"] == "误"
    assert call("verify", "--out", f"{S3}/town").exit_code == 0


def test_a_lost_quarter_is_nine_and_is_made_again(town):
    out = f"{S3}/town"
    assert call("announce", "--out", out, "--quarter", "2023Q1").exit_code == 0
    assert scored(ROOT, out, "--grace-days", "16").exit_code == 0
    object_operations.delete(town.store, town.listed("announced/quarter=2023Q1"))
    assert scored(ROOT, out, "--grace-days", "17").exit_code == 9
    rebuilt = call("announce", "--out", out, "--rebuild", "2023Q1")
    assert rebuilt.exit_code == 0, rebuilt.stderr
    assert scored(ROOT, out, "--grace-days", "17").exit_code == 0


def test_events_that_a_kept_run_had_are_missed_in_a_store_as_on_a_disk(town, disk, tmp_path):
    """Of the run before, the guard reads the tables, which are fetched then."""
    fingerprints = []
    for below, out in ((S3, f"{S3}/town"), (ROOT, str(disk))):
        (lost := tmp_path / "lost").mkdir(exist_ok=True)
        (lost / "2023.csv").write_bytes((ROOT / "fixtures/events/2023.csv").read_bytes())
        ended = scored(below, out, "--as-of", "2024-07-21", events=str(lost))
        assert ended.exit_code == 9, ended.stderr
        fingerprints.append(json.loads(ended.stderr.splitlines()[-1])["accept_loss"])
    assert fingerprints[0] == fingerprints[1]
    assert len(town.listed("/current/")) == 1


def test_damage_in_a_store_is_found_by_verify_and_refused_by_others(town):
    (key,) = town.listed("/standings/")
    town.write(key, town.read(key)[::-1])
    ended = call("verify", "--out", f"{S3}/town", "--json")
    assert ended.exit_code == 4
    assert [one["kind"] for one in json.loads(ended.stdout)["findings"]] == ["changed"]
    refused = call("export", "standings", "--to", "x.csv", "--out", f"{S3}/town")
    assert refused.exit_code == 3
    assert f"{S3}/{key}" in refused.stderr


@pytest.mark.usefixtures("village")
def test_a_refused_night_keeps_its_rejects_in_the_store(tmp_path):
    ended = scored(ROOT, f"{S3}/town", "--max-reject-rate", "0")
    assert ended.exit_code == 6
    run_id = json.loads(ended.stderr.splitlines()[-1])["run_id"]
    assert f"{S3}/town/refused/{run_id}/" in ended.stderr
    lists = call("worklist", "--out", f"{S3}/town", "--run", run_id, "--to", str(tmp_path / "lists"))
    assert lists.exit_code == 0, lists.stderr


@pytest.mark.parametrize("what", ["put", "create", "listed"])
def test_a_store_that_fails_ends_a_run_with_seven_and_its_last_line(what, village, tmp_path):
    def fails(name, _args, act):
        if name == what:
            raise remote.ANSWERED_500
        return act()

    village.watcher = fails
    prom = tmp_path / "run.prom"
    ended = scored(ROOT, f"{S3}/town", "--metrics", str(prom))
    last = json.loads(ended.stderr.splitlines()[-1])
    assert (ended.exit_code, last["event"], last["exit_code"]) == (7, "run", 7)
    assert "canary" not in ended.stderr
    assert "jifen_batch_run_exit_code 7.0" in prom.read_text()
    assert village.listed("/current/") == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("export", "standings", "--out", "x", "--to", f"{S3}/x.csv"), "is an address, and this lies"),
        (("synth", "--households", "9", "--years", "1", "--out", f"{S3}/x"), "is an address, and this lies"),
        (("current", "--out", "oss://village/town"), "write s3://BUCKET/KEY"),
        (("current", "--out", "s3://Village_1/town"), "write s3://BUCKET/KEY"),
    ],
)
def test_an_address_that_is_not_taken_is_wrong_usage(words, says):
    ended = call(*words)
    assert ended.exit_code == 2
    assert says in ended.stderr


@pytest.mark.usefixtures("village")
def test_addresses_come_from_variables_and_the_configuration_file(tmp_path, monkeypatch):
    config = tmp_path / "worker.toml"
    config.write_text(f'out = "{S3}/town"\nevents = "{S3}/fixtures/events"\nas_of = 2024-07-20\n')
    monkeypatch.setenv("JIFEN_RULES", f"{S3}/{BASE}:{ROOT / LOCAL}")
    ended = call("run", "--config", str(config), "--households", f"{S3}/fixtures/households.csv")
    assert ended.exit_code == 0, ended.stderr


def test_nothing_that_speaks_with_stores_is_loaded_where_no_address_is_named(tmp_path):
    """Nor is it needed: a server without the extra scores from its disk."""
    script = (
        "import sys; sys.modules['obstore'] = None\n"
        "from click.testing import CliRunner\n"
        "from jifen_batch.cli.program import program\n"
        "print(CliRunner().invoke(program, sys.argv[1:]).exit_code)\n"
        "ours = ('jifen_batch.published.remote', 'jifen_batch.storage.object')\n"
        "print([name for name in sys.modules if name.startswith(ours)])\n"
    )
    words = ["run", "--events", f"{ROOT}/fixtures/events", "--households", f"{ROOT}/fixtures/households.csv"]
    words += ["--rules", f"{ROOT}/{BASE}", "--rules", f"{ROOT}/{LOCAL}", "--out", str(tmp_path / "out")]
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n[]\n"


def test_without_the_extra_a_sentence_says_so(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    ended = call("current", "--out", f"{S3}/town")
    assert ended.exit_code == 2
    assert "pip install 'jifen-batch[s3]'" in ended.stderr
