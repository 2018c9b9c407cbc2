"""Work done by tasks that leave files is the work of one process, to the last byte."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import polars as pl
import pytest

import engines
import villages
from agreement import published
from jifen_batch.engine import chosen, cross_household, job_folder, orders
from jifen_batch.engine.crew import Crew
from jifen_batch.engine.tasks import Fetch, Look, Part, Put
from jifen_batch.errors import (
    DiskError,
    InputRefusedError,
    InternalFaultError,
    WorkersUnfitError,
)
from jifen_batch.published import publish
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.storage import disk
from jifen_batch.worker import run

CELL = "王小明 13800001111"


@pytest.fixture
def inline(monkeypatch):
    hands = engines.Inline()
    monkeypatch.setattr(chosen, "engine", engines.of(hands))
    return hands


@pytest.mark.parametrize("seed", range(6))
def test_a_random_village_is_the_same_by_tasks(tmp_path, monkeypatch, seed):
    engines.cut_small(monkeypatch, rows=100)
    village = villages.make(seed)
    here = published(village, tmp_path / "here")
    hands = engines.Inline()
    monkeypatch.setattr(chosen, "engine", engines.of(hands))
    others = published(village, tmp_path / "others")
    assert engines.files(others) == engines.files(here)
    assert {type(task) for task in hands.done} >= {Put, Part}
    assert hands.closed


@pytest.mark.usefixtures("small_pieces")
def test_ids_of_several_households_are_resolved_alike(options, tmp_path, monkeypatch):
    """Twenty events of one household stand with another, too, in another file."""
    folder = tmp_path / "events"
    shutil.copytree(options.events, folder)
    rows = pl.read_csv(next(iter(sorted(folder.glob("*.csv")))), infer_schema=False)
    households = rows["household_id"].unique(maintain_order=True)
    torn = rows.filter(pl.col("household_id") == households[0]).head(20)
    torn.with_columns(household_id=pl.lit(households[1])).write_csv(folder / "torn.csv")
    asked = replace(options, events=str(folder), max_reject_rate=1.0)
    here = run(asked, engines.LOG)
    assert here.manifest["rejects_by_reason"]["conflicting_household"] >= 2 * torn.height
    monkeypatch.setattr(cross_household, "CROSS_HOUSEHOLD_IDS_AT_ONCE", 7)
    monkeypatch.setattr("jifen_batch.engine.crew.CROSS_HOUSEHOLD_IDS_AT_ONCE", 7)
    hands = engines.Inline()
    monkeypatch.setattr(chosen, "engine", engines.of(hands))
    others = run(replace(asked, out=tmp_path / "second"), engines.LOG)
    assert engines.files(others) == engines.files(here)
    assert sum(isinstance(task, Fetch) for task in hands.done) == -(-torn["event_id"].n_unique() // 7)


@pytest.mark.usefixtures("small_pieces")
def test_a_task_done_twice_leaves_what_it_left_once(options, tmp_path, inline, monkeypatch):
    """Between its work and its publisher's, each task is done once more."""
    seen = []
    answers = inline.answers

    def twice(tasks):
        for task in tasks:
            first, second = (orders.answered(next(answers([task]))) for _ in range(2))
            seen.append((task.name, first, second))
            yield orders.carried_out(orders.sent(task))

    once = run(replace(options, out=tmp_path / "once"), engines.LOG)
    monkeypatch.setattr(inline, "answers", twice)
    again = run(options, engines.LOG)
    assert engines.files(again) == engines.files(once)
    parts = [(first, second) for name, first, second in seen if "-part-" in name]
    assert len(parts) > 3
    assert all(first.folder == second.folder and first.files == second.files for first, second in parts)


def job(options, folder, hands):
    """The tasks of a run by such hands, in their order; the folder of its job, now swept; a copy of that."""
    kept = {}

    def clear(self):
        kept.setdefault("job", self.job)
        shutil.copytree(self.job, folder / "copy", dirs_exist_ok=True)
        shutil.rmtree(self.job, ignore_errors=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chosen, "engine", engines.of(hands))
        patch.setattr(Crew, "clear", clear)
        run(options, engines.LOG)
    return hands.done, kept["job"], folder / "copy"


@pytest.fixture(scope="module")
def swept(of_fixture, tmp_path_factory):
    """The job of a run in which ids of several households are, and where that was published; made once."""
    folder = tmp_path_factory.mktemp("job")
    asked = replace(engines.torn(of_fixture, folder / "events"), out=folder / "out")
    with pytest.MonkeyPatch.context() as patch:
        engines.cut_small(patch)
        return *job(asked, folder, engines.Inline()), asked.out


@pytest.fixture
def standing(swept):
    """The tasks of that job and its folder, as it stood before it was swept."""
    tasks, folder, copy, _ = swept
    shutil.copytree(copy, folder)
    yield tasks, folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.usefixtures("small_pieces")
def test_a_late_worker_leaves_nothing_once_its_job_is_swept(swept):
    tasks, folder, _, out = swept
    before = sorted(path for path in out.rglob("*"))
    assert not folder.exists()
    for kind in (Put, Look, Fetch, Part):
        task = next(task for task in tasks if isinstance(task, kind))
        with pytest.raises(DiskError):
            orders.answered(orders.carried_out(orders.sent(task)))
    assert not folder.exists()
    assert sorted(path for path in out.rglob("*")) == before


@pytest.mark.usefixtures("small_pieces")
def test_a_worker_that_begins_while_its_job_is_taken_away_finds_it_gone(standing, monkeypatch):
    """What is removed bears another name by then, or whoever writes meanwhile would keep it from going."""
    tasks, folder = standing
    task = next(task for task in tasks if isinstance(task, Put))
    remove, answers = disk.remove_tree, []

    def removing(path):
        if path.exists() and not answers:
            answers.append(b"")
            answers[0] = orders.carried_out(orders.sent(task))
        remove(path)

    monkeypatch.setattr(disk, "remove_tree", removing)
    job_folder.sweep(folder)
    with pytest.raises(DiskError):
        orders.answered(answers[0])
    assert sorted(path.name for path in folder.parent.glob(f"{folder.name}*")) == []


class Late(threading.Thread):
    """One that hangs in a task when it has written a file: a part before the folder of its next table."""

    def __init__(self, task):
        super().__init__(name=task.name)
        self.order, self.answer = orders.sent(task), None
        self.hung, self.may_go_on = threading.Event(), threading.Event()
        self.hangs_after, self.hangs_before = (
            ([], ["make_folder"] * 2) if isinstance(task, Part) else (["write_with"], [])
        )

    def run(self):
        self.answer = orders.carried_out(self.order)

    def came_to(self, what, among):
        """Hang, when it is the last of those."""
        if what in among:
            among.remove(what)
            if not among:
                self.hung.set()
                self.may_go_on.wait()


class WithLateOnes(engines.Inline):
    """Hands of which one hangs in the first task of each kind, so that another does it.

    They go on when the next night scores its parts, which is under way then.
    """

    def __init__(self, monkeypatch):
        super().__init__()
        self.late, self.night = {}, 0
        for name in ("make_folder", "write_with"):
            monkeypatch.setattr(disk, name, self.hanging(name, getattr(disk, name)))

    @staticmethod
    def hanging(name, act):
        def acted(*given, **named):
            late = threading.current_thread()
            if isinstance(late, Late):
                late.came_to(name, late.hangs_before)
            act(*given, **named)
            if isinstance(late, Late):
                late.came_to(name, late.hangs_after)

        return acted

    def answers(self, tasks):
        for task in tasks:
            order = orders.sent(task)
            if type(task) not in self.late:
                one = self.late[type(task)] = Late(task)
                one.start()
                assert one.hung.wait(60)
            if isinstance(task, Part) and self.night > 1:
                for one in self.late.values():
                    one.may_go_on.set()
                    one.join()
            yield orders.carried_out(order)

    def engine(self, shuffle):
        """Engines that put a job of its own for each night into a folder that all share."""

        def chosen_for(*_):
            self.night += 1
            return Crew(self, shuffle / f"job-{self.night}")

        return chosen_for


@pytest.mark.usefixtures("small_pieces")
def test_workers_that_go_on_with_a_task_in_the_next_night_leave_nothing(options, tmp_path, monkeypatch):
    asked = engines.torn(options, tmp_path / "events")
    other = replace(asked, grace_days=3)
    here = [run(replace(one, out=tmp_path / "here"), engines.LOG) for one in (asked, other)]
    hands = WithLateOnes(monkeypatch)
    shuffle = tmp_path / "shuffle"
    shuffle.mkdir()
    monkeypatch.setattr(chosen, "engine", hands.engine(shuffle))
    nights = [run(one, engines.LOG) for one in (asked, other)]
    assert [*map(engines.files, nights)] == [*map(engines.files, here)]
    assert list(shuffle.iterdir()) == []
    assert set(hands.late) == {Put, Look, Fetch, Part}
    for one in hands.late.values():
        with pytest.raises(DiskError, match=rf"{one.name} on .*: cannot "):
            orders.answered(one.answer)


def contents(folder):
    """The files of a folder, by name."""
    return {
        path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.mark.usefixtures("small_pieces")
def test_one_task_done_by_four_at_the_same_time_is_left_once(standing):
    tasks, folder = standing
    for kind in (Put, Look, Fetch, Part):
        task = next(task for task in tasks if isinstance(task, kind))
        left = []
        for times in (1, 4):
            shutil.rmtree(folder / task.name)
            with ThreadPoolExecutor(times) as pool:
                for answer in pool.map(orders.carried_out, [orders.sent(task)] * times):
                    orders.answered(answer)
            left.append(contents(folder))
        assert left[0] == left[1]


@pytest.mark.usefixtures("small_pieces")
def test_a_worker_that_is_late_for_one_step_stands_aside(standing):
    """Its folder's name is taken: what stands stays, and nothing is left beside it."""
    tasks, folder = standing
    task = next(task for task in tasks if isinstance(task, Put))
    stands = {path: path.stat().st_ino for path in sorted(folder.rglob("*"))}
    orders.answered(orders.carried_out(orders.sent(task)))
    assert {path: path.stat().st_ino for path in sorted(folder.rglob("*"))} == stands


@pytest.mark.usefixtures("small_pieces")
def test_an_input_that_is_another_on_a_worker_is_refused_by_name(options, tmp_path, inline):
    events = tmp_path / "events"
    shutil.copytree(options.events, events)
    tasks, folder, copy = job(replace(options, events=str(events)), tmp_path, inline)
    shutil.copytree(copy, folder)
    task = next(task for task in tasks if isinstance(task, Put))
    (path,) = (file.path for file in task.piece.input_files)
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(WorkersUnfitError, match=rf"events: {path.name}: is another file on .*") as refused:
        orders.answered(orders.carried_out(orders.sent(task)))
    assert refused.value.exit_code == ExitCode.USAGE
    path.unlink()
    with pytest.raises(WorkersUnfitError, match=r"cannot be seen on .* \(ENOENT\)"):
        orders.answered(orders.carried_out(orders.sent(task)))


def test_a_worker_of_another_program_does_nothing(swept, monkeypatch):
    order = orders.sent(swept[0][0])
    monkeypatch.setattr(orders.fitness, "program", lambda: "another")
    with pytest.raises(WorkersUnfitError, match="is another program than the one that asked") as refused:
        orders.answered(orders.carried_out(order))
    assert refused.value.exit_code == ExitCode.USAGE


@pytest.mark.parametrize("kind", [ValueError, MemoryError, BaseException])
def test_no_cell_comes_back_in_an_error(swept, monkeypatch, kind):

    def fail(_self):
        raise kind(CELL)

    monkeypatch.setattr(Put, "do", fail)
    answer = orders.carried_out(orders.sent(swept[0][0]))
    assert CELL.encode() not in answer
    assert "王小明" not in str(answer)
    with pytest.raises((InternalFaultError, Exception)) as raised:
        orders.answered(answer)
    assert CELL not in str(raised.value)
    assert raised.value.exit_code in {ExitCode.INTERNAL, ExitCode.DISK}


def test_what_refuses_an_input_is_said_as_here(options, tmp_path, inline):
    events = tmp_path / "events.csv"
    events.write_text(
        "event_id,household_id,item,occurred_on,status\n" + "a,b,c,no day,approved\n" * 9, "utf-8"
    )
    with pytest.raises(
        InputRefusedError, match=r"events: events.csv: 9 of its 9 rows cannot be read"
    ) as told:
        run(replace(options, events=str(events)), engines.LOG)
    assert "其中 9 行无法读取" in told.value.zh
    assert inline.closed
    assert not list(options.out.glob("runs/.tmp-*"))


@pytest.mark.usefixtures("small_pieces")
def test_a_table_that_is_cut_short_on_its_way_is_not_published(options, monkeypatch, inline):
    before = run(replace(options, grace_days=3), engines.LOG)
    do = Part.do

    def cut_short(self):
        scored = do(self)
        path = scored.folder / next(name for name in scored.files if name.startswith("ledger/"))
        path.write_bytes(path.read_bytes()[:-1])
        return scored

    monkeypatch.setattr(Part, "do", cut_short)
    with pytest.raises(DiskError, match="where it was written"):
        run(options, engines.LOG)
    assert publish.current(options.out) == before.folder.resolve()
    assert inline.closed
