"""Nothing of an input's folder is passed over in silence: read, refused, or named with why."""

import pytest

from both_languages import faults
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.find import FOREIGN, find

TEXT = "event_id\n"


@pytest.fixture
def folder(tmp_path):
    """A folder with files of these names."""

    def call(*names):
        for name in names:
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(TEXT, encoding="utf-8")
        return tmp_path / "in"

    return call


def test_what_no_table_is_called_is_named_and_the_rest_read(folder):
    place = folder("a.csv", "b/c.CSV", "_SUCCESS", ".a.csv.crc", "_old/d.csv", "说明.txt", "a.csv.sha256")
    found = find(str(place), "events")
    assert [file.name for file in found.files] == ["a.csv", "b/c.CSV"]
    assert {one.name: one.why.en for one in found.passed_over} == {
        ".a.csv.crc": "its name begins with .",
        "_SUCCESS": "its name begins with _",
        "_old/": "its name begins with _",
        "说明.txt": "ends in .txt, which no table does",
    }
    assert all(faults(*one.why) == [] for one in found.passed_over)


@pytest.mark.parametrize("ending", [*FOREIGN, ".XLS", ".Json"])
@pytest.mark.parametrize("given", ["folder", "glob", "file"])
def test_a_table_of_an_ending_that_is_not_read_stops_the_night(folder, ending, given):
    place = folder("a.csv", f"b{ending}")
    where = {"folder": place, "glob": f"{place}/*", "file": place / f"b{ending}"}[given]
    with pytest.raises(
        InputRefusedError, match=rf"events: b{ending}: ends in {ending.lower()}, which is not"
    ):
        find(str(where), "events")


@pytest.mark.parametrize("name", ["_feed.csv", ".feed.csv", "feed.CSV", "feed.tsv"])
def test_a_file_named_outright_is_read_whatever_it_begins_with(folder, name):
    assert [file.name for file in find(str(folder(name) / name), "events").files] == [name]


def test_all_files_that_cannot_be_read_are_named_at_once(folder):
    with pytest.raises(InputRefusedError) as refused:
        find(str(folder("a.xls", "b.et", "c.csv", "d.orc")), "events")
    assert len(str(refused.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("marker", "kind"),
    [
        ("_delta_log/00000.json", "Delta"),
        (".hoodie/hoodie.properties", "Hudi"),
        ("metadata/v1.metadata.json", "Iceberg"),
        ("metadata/00001-ab.gz.metadata.json", "Iceberg"),
    ],
)
@pytest.mark.parametrize("where", ["", "data", "month=2023-07", "*.csv", "part.csv", "above"])
def test_a_table_that_another_program_keeps_in_versions_is_refused(folder, marker, kind, where):
    """The folder itself, one of its partitions, a glob or a file in it, and one that holds it."""
    place = folder(f"t/{marker}", "t/part.csv", "t/data/part.csv", "t/month=2023-07/part.csv")
    asked = place if where == "above" else place / "t" / where
    with pytest.raises(InputRefusedError, match=rf"events: t: is an? {kind} table, and only its log says"):
        find(str(asked), "events")


def test_a_folder_that_is_only_called_so_is_none(folder):
    place = folder("metadata/notes.csv", "data/a.csv")
    assert len(find(str(place), "events").files) == 2
