"""Workers that may not work along, or not any more: told by name, if possible before anything is read."""

from __future__ import annotations

import shutil
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

import befall
import engines
import jifen_batch
from jifen_batch.engine.on_dask import OnDask
from jifen_batch.errors import DiskError, InternalFaultError, RoomError, WorkersUnfitError
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.worker import run

pytestmark = pytest.mark.timeout(300)
PACKAGE = Path(jifen_batch.__file__).parent


def other_program(folder):
    """The variables of a worker whose program differs in not a word, but a comment of one kernel."""
    shutil.copytree(PACKAGE, folder / "jifen_batch", ignore=shutil.ignore_patterns("__pycache__"))
    kernel = folder / "jifen_batch" / "kernels" / "cap.py"
    kernel.write_text(kernel.read_text("utf-8") + "# another\n", "utf-8")
    return {"PYTHONPATH": str(folder)}


def test_a_worker_that_is_unlike_is_refused_before_anything_is_read(unstaffed, by_cluster, refused, tmp_path):
    other = other_program(tmp_path / "other")
    polars = tmp_path / "other" / "sitecustomize.py"
    polars.write_text("import polars\npolars.__version__ = '2.0.9'\n", "ascii")
    unstaffed.work("other", **other)
    what = r"tcp://\S+ is unlike this machine in: code, polars .*polars 2.0.9,"
    told = refused(by_cluster(unstaffed), WorkersUnfitError, what, ExitCode.USAGE)
    assert "polars 2.1" in told.zh


@pytest.mark.usefixtures("small_pieces")
def test_a_worker_of_another_program_that_comes_later_ends_the_run(
    unstaffed, by_cluster, tmp_path, at_the_first_part
):
    unstaffed.work("one")

    def replaced():
        unstaffed.work("other", **other_program(tmp_path / "other"))
        unstaffed.befall("one", signal.SIGKILL)

    at_the_first_part(replaced)
    with pytest.raises(WorkersUnfitError, match="is another program than the one that asked") as refused:
        run(by_cluster(unstaffed), engines.LOG)
    assert refused.value.exit_code == ExitCode.USAGE


def seeing_none_of(*folders, options=""):
    """The words before a command that sees empty folders there; skips where that may not be done."""
    mounts = " && ".join(f'mount -t tmpfs {options} none "{folder}"' for folder in folders)
    words = ("unshare", "-m", "sh", "-c", f'{mounts} && exec "$@"', "sh")
    if subprocess.run([*words, "true"], check=False, capture_output=True).returncode:
        pytest.skip("mount namespaces are not to be had here")
    return words


def test_a_worker_that_does_not_see_folders_is_refused_with_their_names(  # noqa: PLR0913, PLR0917 - fixtures
    unstaffed, options, by_cluster, refused, tmp_path, shuffle
):
    events = tmp_path / "events"
    shutil.copytree(options.events, events)
    unstaffed.work("blind", before=seeing_none_of(shuffle, events))
    asked = by_cluster(unstaffed, replace(options, events=str(events)))
    where = rf"does not see on \S+ what is here: {events}/\S+, {shuffle};"
    refused(asked, WorkersUnfitError, where, ExitCode.USAGE)


@pytest.mark.usefixtures("small_pieces")
def test_a_shuffle_folder_that_goes_away_on_a_worker_ends_the_run_with_the_machine(
    unstaffed, by_cluster, tmp_path, at_the_first_part, shuffle
):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    unstaffed.work("one", before=seeing_none_of(elsewhere))
    worker = unstaffed.processes["one"].pid
    mount = ("nsenter", "-t", str(worker), "-m", "mount", "-t", "tmpfs", "none", str(shuffle))
    at_the_first_part(lambda: subprocess.run(mount, check=True))
    with pytest.raises(DiskError, match=rf"part-\d+ on \S+: {shuffle}.*cannot") as lost:
        run(by_cluster(unstaffed), engines.LOG)
    assert lost.value.exit_code == ExitCode.DISK
    unstaffed.befallen.add("one")


@pytest.mark.usefixtures("small_pieces")
def test_workers_need_not_see_the_output_folder_and_make_nothing_in_it(
    options, digests, unstaffed, by_cluster
):
    asked = by_cluster(unstaffed)
    asked.out.mkdir()
    unstaffed.work("aside", before=seeing_none_of(asked.out, options="-o ro"))
    assert engines.files(run(asked, engines.LOG)) == digests(options)


AROUND = [
    ("files", RoomError, r"put-\d+ on \S+: no more files may be opened; raise LimitNOFILE=", ExitCode.DISK),
    ("threads", RoomError, r"--workers: put-\d+: no more threads or processes", ExitCode.DISK),
    ("library", InternalFaultError, r"--workers: put-\d+: .* internal .*\(KeyError\)", ExitCode.INTERNAL),
]


@pytest.mark.parametrize(("whom", "error", "words", "code"), AROUND)
def test_what_fails_around_a_task_is_told_as_what_it_is(  # noqa: PLR0913, PLR0917 - fixtures
    cluster, by_cluster, refused, monkeypatch, whom, error, words, code
):
    """Not as another program: where its machine has too little of something 7, else a fault of ours."""
    greeted = OnDask.greeted

    def then_befallen(self, greet):
        answers = greeted(self, greet)
        cluster.let_befall("put-", whom, once=False)
        return answers

    monkeypatch.setattr(OnDask, "greeted", then_befallen)
    told = refused(by_cluster(cluster), error, words, code)
    assert befall.CELL not in f"{told} {told.zh}"


def test_a_worker_that_has_too_little_to_say_what_it_is_is_told_as_that(cluster, by_cluster, refused):
    cluster.let_befall("greet", "threads", once=False)
    refused(by_cluster(cluster), RoomError, r"tcp://\S+: no more threads or processes may be started")
