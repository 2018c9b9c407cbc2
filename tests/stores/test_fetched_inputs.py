"""Inputs in an object store are found and read as on a disk; what is not what was listed is refused."""

import pytest

from jifen_batch.errors import DiskError, InputRefusedError
from jifen_batch.inputs import fetched, find
from jifen_batch.storage.address import Address
from jifen_batch.storage.object_store import ObjectFolder
from stores import remote

SHEET = b"event_id,household_id\n1,TH-01\n"
KEYS = (
    "in/events/2023/a.csv",
    "in/events/2023/b.csv",
    "in/events/2024/b.csv",
    "in/events/2024/b.csv.sha256",
    "in/events/2024/notes.txt",
    "in/events/_old/c.csv",
    "in/eventsX.csv",
    "in/.hidden.csv",
    "in/x[1].csv",
)


@pytest.fixture
def village(bucket, tmp_path):
    """The same objects and files."""
    for key in KEYS:
        bucket.write(key, SHEET)
        path = tmp_path / "disk" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SHEET)
    # As consoles make one so that a folder is shown.
    bucket.write("in/events", b"")
    return tmp_path


def fetch(key, folder):
    return fetched.fetch(ObjectFolder(Address("village", "")), key, "events", folder)


@pytest.mark.parametrize(
    "key",
    [
        "in/events/2023/a.csv",
        "in/events/2024/b.csv",
        "in/events/2023",
        "in/events/*/b.csv",
        "in/events/20*",
        "in/*.csv",
        "in/**/a.csv",
        "in/**",
        "in/events/202[34]/[ab].csv",
        "in/events/2024",
        "in",
    ],
)
def test_what_is_found_is_what_a_disk_would_have(key, village):
    found = find.find(str(fetch(key, village / "fetched")), "events")
    wanted = find.find(str(village / "disk" / key), "events")
    assert [file.name for file in found.files] == [file.name for file in wanted.files]
    assert found.passed_over == wanted.passed_over
    assert {file.path.read_bytes() for file in found.files} == {SHEET}


def test_only_what_is_named_is_fetched(village):
    fetch("in/events/*/b.csv", village / "fetched")
    held = sorted(path.name for path in (village / "fetched").rglob("*") if path.is_file())
    assert held == ["b.csv", "b.csv"]


def test_two_inputs_in_one_place_are_fetched_once(village, bucket):
    fetch("in/events/2023", village / "fetched")
    bucket.asked.clear()
    assert fetch("in/events/2023/a.csv", village / "fetched").read_bytes() == SHEET
    assert "get" not in bucket.asked


@pytest.mark.parametrize("key", ["in/nothing", "in/events/*.xlsx", "in/event"])
def test_what_is_not_there_is_named(key, village):
    with pytest.raises(InputRefusedError) as refused:
        fetch(key, village / "fetched")
    assert str(refused.value).startswith(f"events: s3://village/{key}: there is no such object")


@pytest.mark.parametrize("marker", ["_delta_log/0.json", ".hoodie/x", "metadata/v1.metadata.json"])
@pytest.mark.parametrize(
    "key",
    [
        "in/table/*.csv",
        "in/table/part.csv",
        "in/table",
        "in/table/day=1/part.csv",
        "in/table/day=1",
        "in/table/day=1/*.csv",
    ],
)
def test_a_table_of_another_program_is_refused_however_it_is_named(key, marker, bucket, tmp_path):
    """Its deleted rows lie in plain files, and only its log tells which live."""
    for name in ("in/table/part.csv", "in/table/day=1/part.csv", f"in/table/{marker}"):
        bucket.write(name, SHEET)
    with pytest.raises(InputRefusedError, match="only its log says which rows are live"):
        find.find(str(fetch(key, tmp_path / "fetched")), "events")


def test_an_object_that_changes_between_listing_and_reading_is_refused(bucket, tmp_path):
    bucket.write("in/a.csv", SHEET)

    def changed(name, _args, act):
        found = list(act()) if name == "listed" else act()
        if name == "listed":
            bucket.write("in/a.csv", SHEET + b"2,TH-02\n")
        return found

    bucket.watcher = changed
    with pytest.raises(
        InputRefusedError, match=r"events: s3://village/in/a.csv: was changed while it was read"
    ):
        fetch("in/*.csv", tmp_path / "fetched")


def test_an_object_that_goes_between_listing_and_reading_is_refused(bucket, tmp_path):
    bucket.write("in/a.csv", SHEET)

    def gone(name, _args, act):
        if name == "get":
            raise FileNotFoundError("NoSuchKey")
        return act()

    bucket.watcher = gone
    with pytest.raises(InputRefusedError, match=r"s3://village/in/a.csv: was changed"):
        fetch("in", tmp_path / "fetched")


def test_an_object_of_which_not_all_comes_is_the_stores_failure(bucket, tmp_path):
    bucket.write("in/a.csv", SHEET)

    def short(name, _args, act):
        if name != "get":
            return act()
        said, pieces = act()
        return said, iter([b"".join(pieces)[:-1]])

    bucket.watcher = short
    with pytest.raises(DiskError, match=r"s3://village/in/a.csv: broke off: 29 of 30 bytes came"):
        fetch("in/a.csv", tmp_path / "fetched")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("Server returned non-2xx status code: 403 Forbidden", "not allowed, 403.*AWS_ACCESS_KEY_ID"),
        ("status code: 404 Not Found: <Code>NoSuchBucket</Code>", "no such bucket.*AWS_ENDPOINT_URL"),
        ("source: reqwest::Error { kind: Builder, source: BadScheme }", "plain http.*AWS_ALLOW_HTTP"),
        ("error sending request kind: Connect", "no connection"),
        ("kind: Timeout", "no answer in time"),
        ("something else canary", "GenericError"),
    ],
)
def test_why_a_store_failed_is_said_and_not_in_its_words(error, says, bucket, tmp_path):
    def fails(_name, _args, _act):
        raise remote.GenericError(error) if "404" not in error else FileNotFoundError(error)

    bucket.watcher = fails
    with pytest.raises(DiskError, match=says) as failed:
        fetch("in/a.csv", tmp_path / "fetched")
    assert "canary" not in str(failed.value)


def test_what_has_no_room_is_not_fetched(village, monkeypatch):
    monkeypatch.setattr(fetched.disk, "free_bytes", lambda _: len(SHEET) - 1)
    with pytest.raises(DiskError, match="TMPDIR"):
        fetch("in/events/2023/a.csv", village / "fetched")
    assert not list((village / "fetched").rglob("*.csv"))


def test_a_key_that_leads_out_of_its_folder_is_refused(bucket, tmp_path):
    def leads_out(name, _args, _act):
        if name != "listed":
            raise FileNotFoundError("NoSuchKey")
        return iter([{"path": "in/../../../x.csv", "size": 3, "e_tag": None, "last_modified": None}])

    bucket.watcher = leads_out
    with pytest.raises(InputRefusedError, match="is no name of a file"):
        fetch("in", tmp_path / "a" / "b" / "fetched")
