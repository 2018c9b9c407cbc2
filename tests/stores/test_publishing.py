"""An output folder in an object store is as one on the disk: old or new, never torn, one winner."""

import json
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from obstore.exceptions import AlreadyExistsError, GenericError, NotSupportedError

from faults import scenes
from faults.soaking import EVERYTHING
from jifen_batch.errors import (
    DecisionNeededError,
    DiskError,
    InputRefusedError,
    JifenError,
    LockedError,
    LossError,
    TooManyRejectsError,
)
from jifen_batch.published import publish, withdrawal
from jifen_batch.published.remote import state as remote_state
from jifen_batch.published.remote import sweep
from jifen_batch.storage import object_operations
from stores import remote

RACES, PUBLISHES, READS = (20, 100, 1000) if EVERYTHING else (8, 30, 300)
REFUSALS = (TooManyRejectsError, LossError)
# What a store answers, whether it did what it was asked, and whether it is so from then on.
FAULTS = [
    (remote.ANSWERED_500, False, False),
    (remote.NO_ANSWER, False, True),
    (remote.NO_ANSWER, True, False),
]


def begun(scene, folder):
    """The store as a play finds it."""
    folder.mkdir(exist_ok=True)
    remote.play(scene.before, folder / "before")


def played(scene, out):
    with suppress(*REFUSALS):
        remote.play(scene.act, out)


@pytest.mark.parametrize("name", scenes.SCENES)
@pytest.mark.usefixtures("bucket")
def test_a_play_leaves_the_store_as_it_leaves_a_disk(name, tmp_path):
    scene = scenes.SCENES[name]
    begun(scene, tmp_path)
    played(scene, tmp_path / "out")
    assert remote.state(tmp_path / "seen") == scene.states[-1]


@pytest.mark.parametrize("name", scenes.SCENES)
def test_whatever_the_store_refuses_ends_with_seven_and_is_old_or_new(name, bucket, tmp_path):
    """Each operation: refused, without an answer for good, or done with the answer lost; in turn, or all when
    soaking.
    """
    scene = scenes.SCENES[name]
    begun(scene, tmp_path)
    was = remote.state(tmp_path / "was")
    before = {key: bucket.read(key) for key in bucket.listed()}
    bucket.asked.clear()
    played(scene, tmp_path / "counted")
    operations = len(bucket.asked)
    assert operations > 3
    told = []
    for at in range(1, operations + 1):
        for number, (error, done, for_good) in enumerate(
            FAULTS if EVERYTHING else [FAULTS[at % len(FAULTS)]]
        ):
            restore(bucket, before)
            bucket.watcher = failing(at, error, done=done, for_good=for_good)
            out = tmp_path / f"{at}-{number}"
            try:
                remote.play(scene.act, out)
            except DiskError as failed:
                told.append(f"{failed}{failed.zh}")
            except REFUSALS:
                pass
            bucket.watcher = None
            assert remote.state(tmp_path / f"{at}-{number}-seen") in {was, scene.states[-1]}
            played(scene, tmp_path / f"{at}-{number}-again")
            assert remote.state(tmp_path / f"{at}-{number}-end") == scene.states[-1]
    assert len(told) > operations // 2
    assert all(one.startswith("s3://village/town") and "canary" not in one for one in told)


def restore(bucket, before):
    """The store as it was."""
    for key in bucket.listed():
        if key not in before:
            object_operations.delete(bucket.store, [key])
    for key, content in before.items():
        bucket.write(key, content)


def failing(at, error, *, done, for_good):
    """A watcher that has operation `at`, or all from then on, fail; `done`: it was carried out."""
    made = [0]
    lock = threading.Lock()

    def watcher(_name, _args, act):
        with lock:
            made[0] += 1
            now = made[0]
        if now == at or (for_good and now > at):
            if done:
                act()
            raise error
        return act()

    return watcher


def test_an_answer_that_is_lost_does_not_lose_the_publication(bucket, tmp_path):
    """The store made the pointer, and its client asked again: what stands there is our own."""

    def twice(name, args, act):
        result = act()
        if name == "create" and "/current/" in args[1]:
            raise AlreadyExistsError(args[1])
        return result

    bucket.watcher = twice
    remote.play(lambda store, out: scenes.run(store, out, scenes.NEW), tmp_path / "out")
    bucket.watcher = None
    assert remote.state(tmp_path / "seen").current == scenes.NEW


def test_what_is_read_back_short_or_changed_is_not_published(bucket, tmp_path):
    remote.play(scenes.one_run, tmp_path / "one")
    for number, spoil in enumerate([lambda piece: piece[:-1], lambda piece: b"\0" + piece[1:]]):

        def spoilt(name, args, act, spoil=spoil):
            if name != "get" or scenes.NEW not in args[1]:
                return act()
            said, pieces = act()
            return said, iter([spoil(piece) for piece in pieces])

        bucket.watcher = spoilt
        with pytest.raises(DiskError, match=f"s3://village/town/runs/{scenes.NEW}/.*does not give back"):
            remote.play(lambda store, out: scenes.run(store, out, scenes.NEW), tmp_path / f"{number}")
        bucket.watcher = None
        assert remote.state(tmp_path / f"{number}-seen").current == scenes.OLD


def test_a_listing_that_is_older_than_the_store_takes_nothing_back(bucket, tmp_path):
    """Readers find the last publication all the same, and publishers go on from there."""
    for number in range(5):
        remote.play(lambda store, out, n=number: scenes.run(store, out, f"{n:016x}"), tmp_path / f"{number}")
    for known in range(6):

        def stale(name, _args, act, known=known):
            found = act()
            if name != "listed":
                return found
            return iter([one for one in found if "/current/" not in one["path"] or number_of(one) <= known])

        bucket.watcher = stale
        assert remote.state(tmp_path / f"stale-{known}").current == f"{4 if known == 0 else 3 + known:016x}"
        remote.play(
            lambda store, out, k=known: scenes.run(store, out, f"{4 + k:016x}"), tmp_path / f"p{known}"
        )
        bucket.watcher = None
    assert remote.numbers(bucket) == list(range(1, len(remote.numbers(bucket)) + 1))


def number_of(one):
    return int(one["path"].rpartition("/")[2])


def test_of_two_publishers_one_wins_and_one_ends_with_five(bucket, tmp_path):
    """Again and again, as two threads come to it: the loser has changed nothing, and may try again."""
    for race in range(RACES):
        ready = threading.Barrier(2)

        def publishes(run_id, out, ready=ready):
            with remote.brought(out) as mirror:
                held = mirror.carry_over

                def carry_over():
                    ready.wait(20)
                    held()

                mirror.carry_over = carry_over
                scenes.run(scenes.real(), out, run_id)

        remote.race(race, tmp_path, publishes)
    assert remote.numbers(bucket) == list(range(1, RACES + 1))


@pytest.mark.usefixtures("bucket")
def test_a_publisher_and_an_announcer_do_not_both_win(tmp_path):
    """What was announced meanwhile was not there when the night was held against what hangs."""
    remote.play(scenes.one_run, tmp_path / "one")
    with remote.brought(tmp_path / "night"):
        remote.play(scenes.announce, tmp_path / "desk")
        with pytest.raises(LockedError, match="s3://village/town/current/0000000003: somebody else"):
            scenes.run(scenes.real(), tmp_path / "night", scenes.NEW)
    assert remote.state(tmp_path / "seen").current == scenes.OLD


def test_a_reader_that_resolves_once_never_mixes_two_runs(bucket, tmp_path):
    """While many are published; one that resolves for each file does."""
    run_ids = [f"{number:016x}" for number in range(7)]
    remote.play(lambda store, out: scenes.run(store, out, run_ids[-1]), tmp_path / "first")
    stop, read, mixed = threading.Event(), {"once": 0, "each": 0}, {"once": 0, "each": 0}

    def run_now():
        return json.loads(bucket.read(bucket.listed("/current/")[-1]))["run"]

    def reads():
        while not stop.is_set() or min(read.values()) < READS:
            once = run_now()
            for kind, runs in (("once", (once, once)), ("each", (once, run_now()))):
                ledger = bucket.read(f"town/{runs[0]}/ledger/scoring_year=2023/part-00000")
                standings = bucket.read(f"town/{runs[1]}/standings/part-00000")
                read[kind] += 1
                mixed[kind] += ledger != standings[::-1]

    reader = threading.Thread(target=reads)
    reader.start()
    for number in range(PUBLISHES):
        run_id = run_ids[number % len(run_ids)]
        remote.play(lambda store, out, run_id=run_id: scenes.run(store, out, run_id), tmp_path / f"{number}")
    stop.set()
    reader.join(60)
    assert (read["once"] >= READS, mixed["once"]) == (True, 0)
    assert mixed["each"] > 0


def test_a_store_that_writes_over_what_it_was_to_create_is_refused(bucket, tmp_path):
    def overwrites(name, args, act):
        if name == "create":
            bucket.write(args[1], args[2])
            return None
        return act()

    bucket.watcher = overwrites
    with pytest.raises(InputRefusedError, match="s3://village/town/create_only: the store writes over"):
        remote.play(lambda store, out: scenes.run(store, out, scenes.NEW), tmp_path / "out")
    bucket.watcher = None
    assert remote.state(tmp_path / "seen") == scenes.State(None)


def test_a_store_with_a_header_of_its_own_is_asked_by_that(bucket, tmp_path, monkeypatch):
    """As OSS answers 501 to If-None-Match, and 409 where its own header forbids to write over."""
    headers = {}

    def opened(_name, _seconds, given):
        headers[id(store := object.__new__(Opened))] = given
        store.inside = bucket.store
        return store

    class Opened:
        """A bucket opened with some headers."""

    monkeypatch.setattr(object_operations, "open_bucket", opened)

    def as_oss(name, args, _act):
        store, *rest = args
        if name == "create":
            raise GenericError("Server returned non-2xx status code: 501 Not Implemented")
        forbidden = name == "put" and headers[id(store)]
        if forbidden and f"{rest[0]}" in bucket.listed():
            raise AlreadyExistsError("FileAlreadyExists")
        assert not forbidden or "x-oss-forbid-overwrite" in headers[id(store)]
        return real[name](store.inside, *rest)

    real = remote_operations()
    bucket.watcher = as_oss
    for run_id in (scenes.OLD, scenes.NEW):
        remote.play(lambda store, out, run_id=run_id: scenes.run(store, out, run_id), tmp_path / run_id)
    with remote.brought(tmp_path / "late"):
        remote.play(scenes.announce, tmp_path / "desk")
        with pytest.raises(LockedError):
            scenes.run(scenes.real(), tmp_path / "late", scenes.OTHER)
    assert remote.state(tmp_path / "seen").current == scenes.NEW


def remote_operations():
    """The operations by name, on a store that obstore knows."""
    import obstore  # noqa: PLC0415

    def listed(store, prefix):
        for page in obstore.list(store, prefix or None):
            yield from page

    def get(store, key):
        found = obstore.get(store, key)
        return found.meta, iter([bytes(found.bytes())])

    def put(store, key, content):
        return obstore.put(store, key, content, use_multipart=False)

    return {"listed": listed, "head": obstore.head, "get": get, "put": put, "delete": obstore.delete}


def test_a_store_that_says_it_cannot_create_is_refused(bucket, tmp_path):
    def cannot(name, _args, act):
        if name == "create":
            raise NotSupportedError("not supported")
        return act()

    bucket.watcher = cannot
    with pytest.raises(InputRefusedError, match="writes over"):
        remote.play(lambda store, out: scenes.run(store, out, scenes.NEW), tmp_path / "out")


@pytest.mark.parametrize("status", ["400 Bad Request", "501 Not Implemented"])
def test_a_store_that_refuses_whatever_is_written_has_failed(status, bucket, tmp_path):
    """That is no store that writes over things."""

    def refuses(name, _args, act):
        if name in {"put", "create"}:
            raise GenericError(f"Server returned non-2xx status code: {status}")
        return act()

    bucket.watcher = refuses
    with pytest.raises(DiskError, match=f"the store answered {status[:3]}"):
        remote.play(lambda store, out: scenes.run(store, out, scenes.NEW), tmp_path / "out")


def test_what_nobody_names_goes_once_it_is_old(bucket, tmp_path, monkeypatch):
    """A stopped publisher's files stay as long as he may be at it; a quarter that was withdrawn stays."""
    remote.play(lambda store, out: scenes.run(store, out, scenes.OLD), tmp_path / "one")
    remote.play(hung_and_taken_down, tmp_path / "taken")
    bucket.write(f"town/runs/{scenes.OTHER}/{'0' * 16}/ledger/part", b"left")
    bucket.write("town/elsewhere", b"not ours")
    remote.play(lambda store, out: scenes.run(store, out, scenes.NEW), tmp_path / "young")
    assert bucket.listed(scenes.OTHER)
    monkeypatch.setattr(sweep, "KEPT", timedelta(seconds=-60))
    remote.play(lambda store, out: scenes.run(store, out, scenes.ANCIENT), tmp_path / "old")
    assert bucket.listed(scenes.OTHER) == []
    assert bucket.read("town/elsewhere") == b"not ours"
    with remote.brought(tmp_path / "seen"):
        told = withdrawal.last_of(tmp_path / "seen", "2023Q3")
    assert told["reason"] == "wrong"
    seen = remote.state(tmp_path / "seen-again")
    assert seen.runs == {scenes.OLD, scenes.NEW, scenes.ANCIENT}


def hung_and_taken_down(store, out):
    """A quarter is announced, and withdrawn by the next command."""
    content = {"quarter": "2023Q3", "as_of": "2023-10-20", "run_id": scenes.OLD}
    with publish.lock(out):
        folder = store.freeze.begin(out, "2023Q3")
        scenes.fill(store, folder, {"announcement": b"2023Q3 rows"})
        store.freeze.copy_rules(publish.current(out), folder)
        store.freeze.commit(out, folder, "2023Q3", {}, content)
    with publish.lock(out):
        withdrawal.withdraw(out, "2023Q3", "wrong")


def test_old_runs_that_are_not_kept_go_from_the_store(bucket, tmp_path, monkeypatch):
    remote.play(scenes.old_runs, tmp_path / "old")
    monkeypatch.setattr(sweep, "KEPT", timedelta(seconds=-60))
    remote.play(lambda store, out: scenes.run(store, out, scenes.NEW, keep=1), tmp_path / "new")
    assert remote.state(tmp_path / "seen").runs == {scenes.OLD, scenes.NEW}
    assert bucket.listed(scenes.ANCIENT) == bucket.listed(scenes.OTHER) == []


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda said: said | {"runs": [said["runs"][0] | {"name": "../../x"}]}, "is damaged"),
        (lambda said: said | {"runs": [said["runs"][0] | {"manifest": "../x"}]}, "is damaged"),
        (lambda said: said | {"announced": [said["announced"][0] | {"folder": "../x"}]}, "is damaged"),
        (lambda said: said | {"format": 2}, "newer version"),
        (lambda said: [said], "is damaged"),
    ],
)
def test_a_pointer_that_is_none_is_refused(spoil, says, bucket, tmp_path):
    remote.play(scenes.one_run, tmp_path / "one")
    key = bucket.listed("/current/")[-1]
    bucket.write(key, json.dumps(spoil(json.loads(bucket.read(key)))).encode())
    with pytest.raises(InputRefusedError, match=f"s3://village/{key}: .*{says}"):
        remote.state(tmp_path / "seen")


def test_an_object_that_was_changed_is_refused_and_named_and_shown_to_who_looks_for_damage(bucket, tmp_path):
    remote.play(scenes.one_run, tmp_path / "one")
    for number, key in enumerate(key for key in bucket.listed() if "/current/" not in key):
        held = bucket.read(key)
        bucket.write(key, held[::-1])
        if not key.endswith("create_only"):
            with pytest.raises(InputRefusedError) as refused:
                remote.state(tmp_path / f"{number}")
            assert key.rpartition("/")[2] in str(refused.value)
            expected = DecisionNeededError if key.endswith("manifest.json") else ()
            with suppress(expected), remote.brought(tmp_path / f"{number}-lenient", strict=False) as mirror:
                assert mirror.state.current == scenes.OLD
        bucket.write(key, held)
    assert number == 7


def test_who_names_the_current_run_reads_no_table(bucket, tmp_path):
    remote.play(scenes.one_run, tmp_path / "one")
    bucket.asked.clear()
    remote.RemoteMirror(remote.ObjectFolder(remote.TOWN), tmp_path / "named", strict=True, named=True)
    assert bucket.asked.count("get") <= 4
    assert publish.current_folder(tmp_path / "named").name == scenes.OLD


def test_nothing_is_published_where_nothing_changed(bucket, tmp_path):
    remote.play(scenes.one_run, tmp_path / "one")
    count = len(remote.numbers(bucket))
    with suppress(JifenError):
        remote.play(scenes.lost, tmp_path / "lost")
    assert len(remote.numbers(bucket)) == count
    assert remote_state.key(count) == f"current/{count:010}"
