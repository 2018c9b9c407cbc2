"""A night that is held against a run whose file was damaged since names that file, and blames no program."""

from datetime import date

import pytest

from both_languages import faults
from hostile import footers
from hunt import world
from jifen_batch.errors import InputRefusedError


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return world.announced(tmp_path_factory.mktemp("damaged") / "good")


@pytest.fixture
def later(good, tmp_path):
    made = good.copied(tmp_path / "w")
    made.options = {"as_of": date(2023, 4, 22)}
    made.write()
    # Events that went and came are looked for in the tables of the night before.
    made.events[0]["event_id"] = "another"
    made.put("events.csv", world.text_of(made.events))
    return made


@pytest.mark.parametrize("table", ["ledger/scoring_year=2023", "rejects"])
@pytest.mark.parametrize("spoil", ["chunks", "cut"])
def test_a_damaged_file_of_the_run_before_is_refused_by_name(later, table, spoil):
    folder = (later.out / "current").resolve() / table
    path = next(folder.glob("*.parquet"))
    path.chmod(0o640)
    if spoil == "cut":
        path.write_bytes(path.read_bytes()[:-40])
    else:
        footers.edit(path, drop_chunk)
    with pytest.raises(InputRefusedError) as refusal:
        later.night()
    english, chinese = refusal.value.sentence
    assert f"{table}/{path.name}: is not as its manifest says; bring the folder back from a backup" in english
    assert faults(english, chinese) == []


def drop_chunk(footer):
    """The last column chunk of the first row group; of a table without rows the last column."""
    groups = footers.field(footer, footers.GROUPS)
    some = footers.field(groups[0], footers.CHUNKS) if groups else footers.field(footer, footers.SCHEMA)
    some.pop()
