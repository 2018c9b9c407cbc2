"""Workers that may not work along, or not any more: told by name, if possible before anything is read."""

from __future__ import annotations

import shutil
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

import engines
import jifen_batch
from jifen_batch.errors import DiskError, WorkersUnfitError
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.worker import run

pytestmark = pytest.mark.timeout(900)
PACKAGE = Path(jifen_batch.__file__).parent


def other_program(folder):
    """The variables of a worker whose program differs in not a word, but a comment of one kernel."""
    shutil.copytree(PACKAGE, folder / "jifen_batch", ignore=shutil.ignore_patterns("__pycache__"))
    kernel = folder / "jifen_batch" / "kernels" / "cap.py"
    kernel.write_text(kernel.read_text("utf-8") + "# another\n", "utf-8")
    return {"PYTHONPATH": str(folder)}


def other_polars(folder):
    """The variables of a worker whose polars is of another version."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text("import polars\npolars.__version__ = '2.0.9'\n", "ascii")
    return {"PYTHONPATH": str(folder)}


@pytest.mark.parametrize(
    ("other", "what"), [(other_program, "code"), (other_polars, "polars .*polars 2.0.9,")]
)
def test_a_worker_that_is_unlike_is_refused_before_anything_is_read(bare, by_cluster, tmp_path, other, what):
    bare.schedule()
    bare.work("other", **other(tmp_path / "other"))
    with pytest.raises(WorkersUnfitError, match=rf"tcp://\S+ is unlike this machine in: {what}") as refused:
        run(by_cluster(bare), engines.LOG)
    assert refused.value.exit_code == ExitCode.USAGE
    assert "polars 2.1" in refused.value.zh


@pytest.mark.usefixtures("small_pieces")
def test_a_worker_of_another_program_that_comes_later_ends_the_run(
    bare, by_cluster, tmp_path, at_the_first_part
):
    bare.schedule()
    bare.work("one")

    def replaced():
        bare.work("other", **other_program(tmp_path / "other"))
        bare.befall("one", signal.SIGKILL)

    at_the_first_part(replaced)
    with pytest.raises(WorkersUnfitError, match="is another program than the one that asked") as refused:
        run(by_cluster(bare), engines.LOG)
    assert refused.value.exit_code == ExitCode.USAGE


def seeing_none_of(folder, options=""):
    """The words before a command that sees an empty folder there; skips where that may not be done."""
    mount = f'mount -t tmpfs {options} none "{folder}" && exec "$@"'
    words = ("unshare", "-m", "sh", "-c", mount, "sh")
    if subprocess.run([*words, "true"], check=False, capture_output=True).returncode:
        pytest.skip("mount namespaces are not to be had here")
    return words


@pytest.mark.parametrize("what", ["shuffle", "events"])
def test_a_worker_that_does_not_see_a_folder_is_refused_by_name(  # noqa: PLR0913, PLR0917 - fixtures
    bare, options, by_cluster, tmp_path, shuffle, what
):
    events = tmp_path / "events"
    shutil.copytree(options.events, events)
    unseen = shuffle if what == "shuffle" else events
    words = seeing_none_of(unseen)
    bare.schedule()
    bare.work("blind", before=words)
    with pytest.raises(WorkersUnfitError, match=rf"does not see.*{unseen}") as refused:
        run(by_cluster(bare, replace(options, events=str(events))), engines.LOG)
    assert refused.value.exit_code == ExitCode.USAGE


@pytest.mark.usefixtures("small_pieces")
def test_a_shuffle_folder_that_goes_away_on_a_worker_ends_the_run_with_the_machine(
    bare, by_cluster, tmp_path, at_the_first_part, shuffle
):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    words = seeing_none_of(elsewhere)
    bare.schedule()
    bare.work("one", before=words)
    worker = bare.processes["one"].pid
    mount = ("nsenter", "-t", str(worker), "-m", "mount", "-t", "tmpfs", "none", str(shuffle))
    at_the_first_part(lambda: subprocess.run(mount, check=True))
    with pytest.raises(DiskError, match=rf"part-\d+ on \S+: {shuffle}.*cannot") as lost:
        run(by_cluster(bare), engines.LOG)
    assert lost.value.exit_code == ExitCode.DISK


@pytest.mark.usefixtures("small_pieces")
def test_workers_need_not_see_the_output_folder_and_make_nothing_in_it(options, digests, bare, by_cluster):
    bare.schedule()
    asked = by_cluster(bare)
    asked.out.mkdir()
    bare.work("one", "two", before=seeing_none_of(asked.out, "-o ro"))
    assert engines.files(run(asked, engines.LOG)) == digests(options)
