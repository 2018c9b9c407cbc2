"""Files that are whole and say odd things: each is refused with file, column and remedy, or its rows are."""

import datetime as dt
import os
import threading

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest
from pyarrow import feather

from hostile import footers, victims
from hostile.reader import DIED

TABLES = {
    "events": victims.events,
    "households": victims.register,
    "villages": victims.villages,
    "redemptions": victims.redemptions,
    "statement": victims.statement,
}
IDS = {
    "events": "event_id",
    "households": "household_id",
    "villages": "village_id",
    "redemptions": "redemption_id",
    "statement": "household_id",
}
NUMBERS = {"events": "quantity", "villages": "households_total", "redemptions": "points"}
DAYS = {"events": "occurred_on", "households": "enrolled_on", "redemptions": "redeemed_on"}


def replaced(table, name, values):
    """The table with another column in a column's place."""
    return table.set_column(table.column_names.index(name), name, values)


def refused(reader, role, path, *words):
    """The file is refused in a sentence with these words."""
    outcome, said = reader.read(role, path)
    assert outcome == "refused", (outcome, said)
    assert said.startswith(f"{role}: {path.name}: ")
    assert "; " in said, "a remedy"
    for word in words:
        assert word in said
    return said


@pytest.mark.parametrize("role", NUMBERS)
@pytest.mark.parametrize(
    "values", [[float("nan")], [1e300], [2.5], ["7"], [True], [b"\x07"], [dt.date(2023, 1, 1)]]
)
def test_only_whole_numbers_are_numbers(reader, tmp_path, role, values):
    table, path = TABLES[role](), tmp_path / "odd.parquet"
    pq.write_table(replaced(table, NUMBERS[role], pa.array(values * table.num_rows)), path)
    refused(reader, role, path, f"column {NUMBERS[role]} is ", "wanted is an integer")


NO_TEXTS = (7.5, b"x", [["x"]], {"a": "x"}, [{"a": [{"b": "x"}]}], dt.timedelta(1))
# Of a statement they are read as they would be written.
WRITTEN_OTHERWISE = (7, dt.date(2023, 1, 1), True)


@pytest.mark.parametrize(
    ("role", "value"),
    [(role, value) for role in TABLES for value in NO_TEXTS]
    + [(role, value) for role in TABLES if role != "statement" for value in WRITTEN_OTHERWISE],
)
def test_only_text_is_text_whatever_is_nested_in_its_place(reader, tmp_path, role, value):
    table, path = TABLES[role](), tmp_path / "odd.parquet"
    pq.write_table(replaced(table, IDS[role], pa.array([value] * table.num_rows)), path)
    refused(reader, role, path, f"column {IDS[role]} is ", "wanted is a string")


@pytest.mark.parametrize("role", DAYS)
@pytest.mark.parametrize("values", [["2023-03-01"], [20230301], [dt.time(1)], [1.5]])
def test_only_days_are_days(reader, tmp_path, role, values):
    table, path = TABLES[role](), tmp_path / "odd.parquet"
    pq.write_table(replaced(table, DAYS[role], pa.array(values * table.num_rows)), path)
    refused(reader, role, path, f"column {DAYS[role]} is ", "wanted is a date")


@pytest.mark.parametrize("role", ["events", "households"])
@pytest.mark.parametrize(
    "kind",
    [
        pa.date32(),
        pa.date64(),
        pa.timestamp("s"),
        pa.timestamp("ms", "UTC"),
        pa.timestamp("us"),
        pa.timestamp("ns"),
    ],
    ids=str,
)
@pytest.mark.parametrize("end", ["first", "last"])
def test_days_at_the_ends_of_time_are_read_or_refused_and_never_wrap(reader, tmp_path, role, kind, end):
    bits = 32 if kind == pa.date32() else 64
    number = -(2 ** (bits - 1)) if end == "first" else 2 ** (bits - 1) - 1
    raw = pa.array([number] * TABLES[role]().num_rows, pa.int32() if bits == 32 else pa.int64())
    path = tmp_path / "odd.parquet"
    table = replaced(TABLES[role](), DAYS[role], pa.Array.from_buffers(kind, len(raw), raw.buffers()))
    try:
        pq.write_table(table, path)
    except pa.ArrowInvalid:
        path = tmp_path / "odd.arrow"
        with pa.ipc.new_file(path, table.schema) as writer:
            writer.write_table(table)
    outcome, said = reader.read(role, path)
    assert outcome == "read" or (outcome == "refused" and f"column {DAYS[role]}" in said), (outcome, said)


@pytest.mark.parametrize("role", ["events", "redemptions"])
@pytest.mark.parametrize("kind", [pa.uint64(), pa.int64(), pa.int8()])
def test_numbers_at_the_ends_of_their_type_are_read_or_refused(reader, tmp_path, role, kind):
    most = {pa.uint64(): 2**64 - 1, pa.int64(): 2**63 - 1, pa.int8(): 127}[kind]
    table, path = TABLES[role](), tmp_path / "odd.parquet"
    pq.write_table(replaced(table, NUMBERS[role], pa.array([most] * table.num_rows, kind)), path)
    outcome, said = reader.read(role, path)
    assert outcome == "read" or (outcome == "refused" and f"column {NUMBERS[role]}, row" in said), said


def chunks(footer):
    """The column chunks of the first row group."""
    return footers.field(footers.field(footer, footers.GROUPS)[0], footers.CHUNKS)


@pytest.mark.parametrize("role", TABLES)
@pytest.mark.parametrize(
    "change",
    [
        lambda footer: chunks(footer).pop(),
        lambda footer: chunks(footer).pop(0),
        lambda footer: chunks(footer).clear(),
        lambda footer: chunks(footer)[0].remove(
            next(one for one in chunks(footer)[0] if one[0] == footers.CHUNK)
        ),
        lambda footer: footers.field(footer, footers.SCHEMA).pop(),
        lambda footer: footers.field(footer, footers.GROUPS).pop(),
        lambda footer: footers.field(footer, footers.GROUPS).clear(),
    ],
    ids=[
        "last chunk",
        "first chunk",
        "all chunks",
        "no place",
        "a column of the schema",
        "a group",
        "all groups",
    ],
)
def test_a_footer_that_lacks_something_is_refused(reader, tmp_path, role, change):
    """Of row groups that are gone a footer still counts the rows: they would be missing without a word."""
    path, table = tmp_path / "lacks.parquet", TABLES[role]()
    pq.write_table(table, path, row_group_size=max(1, table.num_rows // 2))
    footers.edit(path, change)
    outcome, said = reader.read(role, path)
    assert outcome in {"refused", DIED}, (outcome, said)
    assert said.startswith(f"{role}: {path.name}")


@pytest.mark.parametrize("role", TABLES)
def test_a_column_that_stands_twice_is_refused(reader, tmp_path, role):
    path, table = tmp_path / "twice.parquet", TABLES[role]()
    pq.write_table(table.append_column(IDS[role], table[IDS[role]]), path)
    refused(reader, role, path, "keep one of them")


@pytest.mark.parametrize("role", TABLES)
@pytest.mark.parametrize("look", ["ｉ", "і", "\u200bi", "I", " i"])
def test_a_column_whose_name_only_looks_right_is_told_as_nearly_it(reader, tmp_path, role, look):
    path, table, name = tmp_path / "look.parquet", TABLES[role](), IDS[role]
    names = [one.replace("_i", f"_{look}", 1) for one in table.column_names]
    pq.write_table(table.rename_columns(names), path)
    if role == "statement" and look == "ｉ":
        # A statement's headers are compared in one form of look-alike signs.
        assert reader.read(role, path)[0] == "read"
    else:
        refused(reader, role, path, f"is nearly {name}; call it so")


class Vault(pe.KmsClient):
    """A vault of keys that keeps nothing from anybody."""

    def __init__(self, _settings):
        pe.KmsClient.__init__(self)

    def wrap_key(self, key, _name):
        return key

    def unwrap_key(self, key, _name):
        return key


@pytest.mark.parametrize("role", TABLES)
@pytest.mark.parametrize("plain_footer", [True, False])
def test_an_encrypted_file_is_refused(reader, tmp_path, role, plain_footer):
    path, table = tmp_path / "secret.parquet", TABLES[role]()
    settings = pe.EncryptionConfiguration(
        footer_key="k", column_keys={"k": table.column_names}, plaintext_footer=plain_footer
    )
    secrets = pe.CryptoFactory(Vault).file_encryption_properties(pe.KmsConnectionConfig(), settings)
    with pq.ParquetWriter(path, table.schema, encryption_properties=secrets) as writer:
        writer.write_table(table)
    outcome, said = reader.read(role, path)
    # With a footer in plain text, pyarrow 26 aborts when it is asked about a column; the command says so.
    assert outcome == "refused" or (plain_footer and outcome == DIED)
    assert said.startswith(f"{role}: secret.parquet")


@pytest.mark.parametrize("role", TABLES)
@pytest.mark.parametrize("ending", ["parquet", "arrow", "csv", "xlsx"])
def test_a_file_without_a_byte_is_refused(reader, tmp_path, role, ending):
    path = tmp_path / f"empty.{ending}"
    path.touch()
    outcome, said = reader.read(role, path)
    assert (outcome, "; " in said) == ("refused", True), (outcome, said)
    assert path.name in said


@pytest.mark.parametrize("role", TABLES)
def test_a_folder_that_is_named_like_a_file_is_a_folder(reader, tmp_path, role):
    folder = tmp_path / "x.parquet"
    folder.mkdir()
    outcome, said = reader.read(role, folder)
    assert outcome == "refused"
    assert "there is no such file" in said
    pq.write_table(TABLES[role](), folder / "y.parquet")
    assert reader.read(role, folder)[0] == "read"


def test_a_file_that_changes_again_and_again_is_read_whole_or_refused(reader, tmp_path):
    path = tmp_path / "restless.parquet"
    table, done = victims.events(), threading.Event()
    victims.FORMS["checked.parquet"](table, path)
    good = reader.read("events", path)[1]
    longer = pa.concat_tables(
        [table, table.set_column(0, "event_id", pa.array([f"f{n}" for n in range(victims.ROWS)]))]
    )

    def write_on():
        number = 0
        while not done.is_set():
            number += 1
            pq.write_table(longer if number % 2 else table, path, **victims.CHECKED)

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        outcomes = [reader.read("events", path) for _ in range(60)]
    finally:
        done.set()
        writer.join()
    pq.write_table(longer, path, **victims.CHECKED)
    whole = {good, reader.read("events", path)[1]}
    for outcome, said in outcomes:
        assert outcome in {"read", "refused"}
        assert said in whole if outcome == "read" else said.startswith("events: restless.parquet: ")


def test_a_fifo_is_no_input_and_nobody_waits_for_it(reader, tmp_path):
    os.mkfifo(tmp_path / "a.parquet")
    outcome, said = reader.read("events", tmp_path)
    assert (outcome, "there is no such file" in said) == ("refused", True)


@pytest.mark.parametrize("role", TABLES)
@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_notes_of_a_file_that_are_no_text_change_nothing(reader, tmp_path, role, form):
    """What another program noted in a footer, on the file or a column, is no concern of ours."""
    table = TABLES[role]()
    path = tmp_path / f"noted.{form}"
    write = pq.write_table if form == "parquet" else feather.write_feather
    write(table, path)
    plain = reader.read(role, path)
    notes = {b"\xff\xfe": b"\x00\xff"}
    fields = [field.with_metadata(notes) for field in table.schema]
    write(table.cast(pa.schema(fields, metadata=notes)), path)
    assert reader.read(role, path) == plain
    assert plain[0] == "read"
