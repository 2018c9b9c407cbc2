"""Every cell of the inputs is a canary: however a command ends, none is where the allow-list has it not.

Looked through: stdout, stderr down to what libraries write past Python, every file that is left, with the
footers and column statistics of Parquet. The householder, phones and personal numbers are allowed nowhere.
"""

import errno
import os
import shutil
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from faults.soaking import EVERYTHING
from jifen_batch.cli.program import program
from jifen_batch.inputs import pieces, sheet_cells
from jifen_batch.tables import EVENTS, HOUSEHOLDS
from operators.canaries import HOMES, canary, laid_out, sung

PLACES = {"town", "village"}
NAMES = {"townname", "villagename"}
IDS = PLACES | {"household", "event", "matter"}
# Which columns of a table may hold what, beside each its own; rejects are kept as they were read.
ALSO = {
    ("rejects", "household_id"): {"stranger"},
    ("rejects", "member_id"): {"membernumber"},
    ("rejects", "item"): {"item"},
    ("rejects", "status"): {"status"},
    ("breaks", "household_id"): {"stranger"},
    ("breaks", "because"): {"event"},
    ("lines", "because"): {"event"},
}
OWN = {
    **{
        f"{name}_id": {name}
        for name in ("town", "village", "household", "event", "matter", "member", "decision")
    },
    "town_name": {"townname"},
    "village_name": {"villagename"},
    "cause": {"event"},
}
MANIFEST = {"town", "village", "household"}
INPUTS = ("events", "households", "redemptions", "theirs")


class Town:
    """The inputs, the output folder and temporary files, in one folder that is looked through."""

    def __init__(self, folder):
        self.folder = folder

    def night(self, as_of, **more):
        named = {f"--{name.replace('_', '-')}": str(value) for name, value in more.items()}
        options = {
            "--events": "events.csv",
            "--households": "households.csv",
            "--redemptions": "redemptions.csv",
            "--rules": "book.toml",
            "--out": "out",
            "--max-reject-rate": "1",
            "--metrics": "night.prom",
            "--as-of": as_of,
            "--log-level": "debug",
        } | named
        return ["run", *(word for option in options.items() for word in option)]

    def change(self, name, change):
        """A table of the inputs is another."""
        change(pl.read_csv(name, infer_schema=False)).write_csv(name)

    def leaks(self):
        """Every file that holds what it may not: its name, and of which columns."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and not name.startswith(INPUTS):
                sings = in_parquet(path) if path.suffix == ".parquet" else in_text(path)
                found |= {f"{name} {place}": kinds for place, kinds in sings.items() if kinds}
        return found


def in_parquet(path):
    """Kinds that a table holds where it may not, by column; the footer by itself, with its statistics."""
    names = [part for part in path.parts[:-1] if "=" not in part]
    return heard(names[-1] if path.stem.startswith("part-") else path.stem, path.read_bytes())


@cache
def heard(table, content):
    """The same by what the file holds: most of a copied town was looked through before."""
    frame, found, allowed = pl.read_parquet(content), {}, set()
    kept = names_in(pa.BufferReader(content))
    for name in frame.columns:
        may = OWN.get(name, set()) | ALSO.get((table, name), set())
        found[name] = sung("\n".join([*frame[name].cast(pl.String).drop_nulls(), *kept.get(name, [])])) - may
        allowed |= may
    footer = pq.read_metadata(pa.BufferReader(content))
    found["(footer)"] = sung(str(footer.to_dict()) + str(footer.metadata)) - allowed
    return found | {"(columns)": {*frame.columns} & {"householder", "phone", "id_number"}}


def names_in(file):
    """The names that each column's pages keep, also such as none of its rows has."""
    texts = [field.name for field in pq.read_schema(file) if field.type in {pa.string(), pa.large_string()}]
    coded = pq.ParquetFile(file, read_dictionary=texts).read(texts)
    return {
        name: [one for chunk in coded[name].chunks for one in chunk.dictionary.to_pylist() if one]
        for name in texts
        if pa.types.is_dictionary(coded[name].type)
    }


def in_text(path):
    allowed = MANIFEST if path.name == "manifest.json" else set()
    return {"": sung(path.read_bytes().decode("utf-8", "replace")) - allowed}


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A quarter announced, then corrected by a later night; made once."""
    folder = laid_out(tmp_path_factory.mktemp("canaries"))
    town = Town(folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        for words in (town.night("2023-07-20"), ["announce", "--out", "out", "--quarter", "2023Q2"]):
            assert CliRunner().invoke(program, words).exit_code == 0
        town.change("events.csv", withdrawn)
        assert CliRunner().invoke(program, town.night("2023-10-20")).exit_code == 0
    return town


def withdrawn(rows):
    first = pl.int_range(pl.len()) == 0
    return rows.with_columns(status=pl.when(first).then(pl.lit("withdrawn")).otherwise("status"))


@pytest.fixture
def town(begun, tmp_path, monkeypatch):
    """A copy, in which a test works, with its own folder for temporary files."""
    shutil.copytree(begun.folder, tmp_path / "town", symlinks=True)
    (tmp_path / "town" / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "town" / "tmp"))
    monkeypatch.chdir(tmp_path / "town")
    return Town(tmp_path / "town")


@pytest.fixture
def said(capfd):
    """Run a command: its code, and of which columns stdout and stderr hold cells."""

    def call(words, **variables):
        capfd.readouterr()
        done = CliRunner().invoke(program, [str(word) for word in words], env=variables)
        below = capfd.readouterr()
        call.told = done.stderr + below.err
        return done.exit_code, sung(done.stdout + below.out), sung(done.stderr + below.err)

    return call


def a_household(name="households.csv"):
    return pl.read_csv(name, infer_schema=False)["household_id"][0]


def theirs(*rows):
    lines = ["household_id,scoring_year,points", *(",".join(map(str, row)) for row in rows)]
    Path("theirs.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def runs():
    return sorted(path.name for path in Path("out/runs").iterdir())


def edited(_):
    book = Path("book.toml").read_text(encoding="utf-8")
    Path("edited.toml").write_text(book.replace("points = 5\n", "points = 4\n"), encoding="utf-8")
    options = ("--events", "events.csv", "--households", "households.csv", "--out", "out")
    return ["what-if", *options, "--rules", "edited.toml", "--impact", "impact.parquet"]


RECONCILE = ("reconcile", "--out", "out", "--statement", "theirs.csv")
ANNOUNCE = ("announce", "--out", "out", "--quarter", "2023Q3")
BOARD = {"household", "villagename"}
SHOWN = {
    "run": (lambda town: town.night("2023-10-21", top=99), BOARD),
    "run --json": (lambda town: [*town.night("2023-10-21"), "--json"], MANIFEST),
    "announce": (lambda _: ANNOUNCE, BOARD | {"village", "event"}),
    "announce --json": (lambda _: [*ANNOUNCE, "--json"], IDS | NAMES),
    "explain": (lambda _: ["explain", "--out", "out", a_household()], IDS | NAMES),
    "explain --json": (
        lambda _: ["explain", "--out", "out", a_household(), "--json"],
        IDS | NAMES | {"member", "decision"},
    ),
    "compare": (lambda _: ["compare", *runs(), "--out", "out", "--lines", "lines.parquet"], IDS | NAMES),
    "compare --json": (lambda _: ["compare", *runs(), "--out", "out", "--json"], IDS),
    "reconcile": (lambda _: [*RECONCILE, "--breaks", "breaks.parquet"], IDS | {"stranger"}),
    "reconcile --json": (lambda _: [*RECONCILE, "--json"], IDS | {"stranger"}),
    "what-if": (edited, BOARD | {"village"}),
    "verify": (lambda _: ["verify", "--out", "out", "--all"], set()),
    "current": (lambda _: ["current", "--out", "out"], set()),
}


def mistyped(rows):
    """An announced event is rejected from now on."""
    return rows.with_columns(
        item=pl.when(pl.int_range(pl.len()) == 3).then(pl.lit("kindd")).otherwise("item")
    )


@pytest.mark.parametrize(("change", "quarter"), [(mistyped, "2023Q3"), (withdrawn, "2023Q2")])
def test_what_is_to_be_decided_names_events_to_the_clerk_and_not_to_the_log(change, quarter, town, said):
    town.change("events.csv", change)
    assert said(town.night("2023-10-21"))[0] == 0
    for more in ([], ["--json"]):
        words = ["announce", "--out", "out", "--quarter", quarter, *more]
        code, shown, logged = said(words, JIFEN_DEBUG="1")
        assert (code, shown - IDS - NAMES, logged - PLACES) == (4, set(), set()), said.told
    assert town.leaks() == {}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_well_shows_no_more_than_it_may(name, town, said):
    words, allowed = SHOWN[name]
    theirs((a_household(), 2023, 999), (canary("stranger"), 2023, 1))
    code, shown, logged = said(words(town))
    assert code in {0, 4}, said.told
    assert (shown - allowed, logged) == (set(), set())
    assert town.leaks() == {}


def cell(column, value):
    """A table in which one cell of a column is another."""
    return lambda rows: rows.with_columns(
        pl.when(pl.int_range(pl.len()) == 1).then(pl.lit(value)).otherwise(column).alias(column)
    )


def headless(name):
    """The file begins with its first row, in which a cell comes twice."""
    lines = Path(name).read_text(encoding="utf-8").splitlines()
    word = canary("householder")
    Path(name).write_text("\n".join([f"{word},{word},{lines[1]}", *lines[2:]]), encoding="utf-8")


def ragged(name):
    text = Path(name).read_text(encoding="utf-8")
    Path(name).write_text(f'{text}{canary("householder")},"{canary("phone")}\n', encoding="utf-8")


def no_text(name):
    Path(name).write_bytes(Path(name).read_bytes() + f"{canary('phone')},\xff\n".encode("latin1"))


def no_parquet(name):
    Path(name).write_bytes(b"PAR1" + Path(name).read_bytes() + b"PAR1")


def typed(name, column, table):
    """A Parquet file in which a column is of another type."""
    rows = pl.read_csv(name, infer_schema=False)
    wrong = {"list": pl.concat_list(column), "bytes": pl.col(column).cast(pl.Binary)}
    for kind, cells in wrong.items():
        folder = Path(f"{name.removesuffix('.csv')}-{kind}")
        folder.mkdir()
        kept = [one for one in rows.columns if one in table.names]
        rows.select(kept).with_columns(cells).write_parquet(folder / "part.parquet")


HOUSES, FEED, SPENT = "households.csv", "events.csv", "redemptions.csv"
DAY = {"occurred_on", "decided_on", "until", "recorded_at", "quantity"}
BAD = {
    "enrolled_on: no date": (HOUSES, cell("enrolled_on", canary("householder")), 3),
    "left before enrolled": (HOUSES, cell("left_on", "2022-01-01"), 3),
    "spells overlap": (HOUSES, lambda rows: pl.concat([rows, rows[:1]]), 3),
    "two towns": (HOUSES, cell("town_id", canary("town")), 3),
    "an empty cell": (HOUSES, cell("village_id", None), 3),
    "redeemed_on: no date": (
        SPENT,
        lambda rows: cell("redeemed_on", canary("goods"))(pl.concat([rows] * 2)),
        3,
    ),
    "points: no number": (SPENT, lambda rows: cell("points", canary("goods"))(pl.concat([rows] * 2)), 3),
    "an unknown status": (SPENT, lambda rows: cell("status", canary("goods"))(pl.concat([rows] * 2)), 3),
    "redeemed in two ways": (SPENT, lambda rows: cell("goods", canary("goods"))(pl.concat([rows] * 2)), 3),
    "a column twice": (HOUSES, lambda rows: rows, 3),
}
BROKEN = {"no headers": headless, "ragged rows": ragged, "no text": no_text}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_cell_is_never_quoted(name, town, said):
    file, change, expected = BAD[name]
    town.change(file, change)
    if name == "a column twice":
        text = Path(file).read_text(encoding="utf-8")
        Path(file).write_text(text.replace("phone", "householder", 1), encoding="utf-8")
    refused(town, said, expected)


@pytest.mark.parametrize("column", sorted(DAY))
def test_an_event_s_bad_cell_is_shown_to_the_clerk_who_wrote_it_and_nowhere_else(column, town, said):
    """In the reject's sentence alone, which is what the work list shows."""
    town.change(FEED, cell(column, canary("phone")))
    code, shown, logged = said([*town.night("2023-10-21"), "--json"])
    assert code in {0, 9}, said.told
    assert (shown | logged) - {"town", "village", "household"} == set()
    assert all("rejects/" in place for place in town.leaks()), town.leaks()


def test_what_was_sent_back_stands_in_no_other_table_where_ids_come_as_codes(town, said, monkeypatch):
    monkeypatch.setattr(pieces, "ROWS_PER_NAME", 0)
    pl.read_csv(FEED, schema_overrides=EVENTS.schema).write_parquet("events.parquet")
    assert said(town.night("2023-10-21", events="events.parquet"))[0] == 0
    assert town.leaks() == {}
    sent_back = names_in("out/current/rejects/part-00000.parquet")
    assert "membernumber" in sung("\n".join(sent_back["member_id"]))


@pytest.mark.parametrize("file", [HOUSES, FEED, SPENT])
@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_file_is_never_quoted(how, file, town, said):
    BROKEN[how](file)
    refused(town, said, 3)


def refused(town, said, expected, **more):
    """A night ends with a code, and tells places and households by their ids at the most."""
    for variables in ({}, {"JIFEN_DEBUG": "1"}):
        code, shown, logged = said([*town.night("2023-10-21", **more), "--json"], **variables)
        assert code == expected, said.told
        assert (shown | logged) - {"town", "village", "household"} == set(), said.told
        assert town.leaks() == {}


@pytest.mark.parametrize(
    ("file", "column", "table"), [(HOUSES, "household_id", HOUSEHOLDS), (FEED, "item", EVENTS)]
)
def test_a_file_of_other_types_is_never_quoted(file, column, table, town, said):
    typed(file, column, table)
    option = {HOUSES: "households", FEED: "events"}[file]
    for kind in ("list", "bytes"):
        refused(town, said, 3, **{option: f"{option}-{kind}"})
    shutil.copy(file, f"{file}.parquet")
    no_parquet(f"{file}.parquet")
    refused(town, said, 3, **{option: f"{file}.parquet"})


def test_lost_events_and_too_many_rejects_tell_places_and_no_more(town, said):
    refused(town, said, 6, max_reject_rate="0.01")
    town.change(FEED, lambda rows: rows[:20])
    refused(town, said, 9)


@pytest.mark.parametrize(
    "row", [("H", "none", 1), ("H", 2023, "CNRYphoneX0Z"), ("CNRYhouseholderX0Z", "", "")]
)
def test_a_bad_statement_is_never_quoted(row, town, said):
    theirs((a_household(), 2023, 1), row)
    code, shown, logged = said([*RECONCILE, "--metrics", "week.prom"], JIFEN_DEBUG="1")
    assert (code, shown, logged) == (3, set(), set()), said.told
    assert town.leaks() == {}


def test_what_is_typed_at_the_counter_is_in_no_log(town, said):
    code, _, logged = said(["explain", "--out", "out", canary("householder")])
    assert (code, logged) == (3, set())
    assert town.leaks() == {}


# Where a library is asked for something, and what it may raise there, cells in its words.
INSIDE = (
    "jifen_batch.worker.intake.digest_files",
    "jifen_batch.inputs.run_inputs.read_table",
    "jifen_batch.scoring.resolve",
    "jifen_batch.engine.scored_part.score",
    "jifen_batch.worker.writing.conclude",
    "jifen_batch.worker.wallets.wallet.wallets",
    "jifen_batch.published.manifest.of_outputs",
    "pyarrow.parquet.ParquetWriter.write_table",
)
ANSWERED = {"jifen_batch.inputs.run_inputs.read_table", "pyarrow.parquet.ParquetWriter.write_table"}
RAISED = {
    "a value": ValueError,
    "a panic": pl.exceptions.PanicException,
    "polars": pl.exceptions.ComputeError,
    "arrow": pa.ArrowInvalid,
    "a disk": lambda text: OSError(errno.EIO, text, text),
    "no disk": OSError,
}


@pytest.mark.parametrize("place", INSIDE)
def test_what_libraries_say_in_their_errors_is_never_repeated(place, town, said, monkeypatch):
    """Each place with every other kind of error, and each kind with every other place; all when soaking.

    With all kinds where an error is answered right there: where rows are read, and where they are written.
    """
    first, step = (0, 1) if EVERYTHING or place in ANSWERED else (INSIDE.index(place) % 2, 2)
    for kind, make in [*RAISED.items()][first::step]:

        def fail(*_, make=make, **__):
            cause = ValueError(canary("householder"))
            raise make(f"could not read {canary('phone')}") from cause

        with monkeypatch.context() as patched:
            patched.setattr(place, fail)
            code, shown, logged = said([*town.night("2023-10-21"), "--json"], JIFEN_DEBUG="1")
        assert code in ({7} if kind == "a disk" else {1, 3, 7}), f"{kind}: {said.told}"
        assert (shown, logged) == (set(), set()), f"{kind}: {said.told}"
        assert town.leaks() == {}
    assert said(town.night("2023-10-21"))[0] == 0


def test_the_reader_is_asked_for_no_householder(town, said, monkeypatch):
    asked = []
    rows_of = sheet_cells.rows_of

    def asking(layout):
        asked.append(
            {layout.sheet.names[place] for place in (*layout.found.values(), *layout.others.values())}
        )
        return rows_of(layout)

    monkeypatch.setattr(sheet_cells, "rows_of", asking)
    assert said(town.night("2023-10-21"))[0] == 0
    known = [{*HOUSEHOLDS.names}, {*EVENTS.names}]
    assert len(asked) == 3
    assert [any(columns <= names for names in known) for columns in asked].count(True) == 2
    assert {"householder", "phone", "id_number"}.isdisjoint(set().union(*asked))


def test_the_canaries_sing(begun):
    """What the allow-list lets through does stand there: an empty cage would pass every test."""
    heard = set()
    for path in begun.folder.glob("out/**/*.parquet"):
        frame = pl.read_parquet(path, hive_partitioning=False)
        heard |= sung("\n".join(str(row) for row in frame.rows()))
    assert heard >= IDS | NAMES | {"member", "membernumber", "decision", "item", "status", "stranger"}
    text = (begun.folder / "households.csv").read_text(encoding="utf-8")
    assert sung(text) >= {"householder", "phone", "personalnumber"}
    assert (HOMES, date(2023, 1, 1).isoformat() in text) == (6, True)
    assert os.fspath(begun.folder)
