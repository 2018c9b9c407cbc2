"""`datapackage.json` says of every table what its files hold, and the files say what each column means."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jifen_batch.published import dictionary
from jifen_batch.tables import SCHEMA_VERSION
from released.commands import SOURCE, announced, night

KINDS = {
    "string": pa.types.is_string,
    "integer": lambda kind: kind in {pa.int32(), pa.int64()},
    "date": pa.types.is_date32,
    "datetime": pa.types.is_timestamp,
    "boolean": pa.types.is_boolean,
}


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """The folders of a run and of a quarter, with their descriptions."""
    out = tmp_path_factory.mktemp("dictionary") / "out"
    run = night(SOURCE, out, "2023-04-20")
    announced(SOURCE, out, "2023Q1")
    quarter = out / "announced" / "quarter=2023Q1"
    return {
        "run": (run, json.loads((run / dictionary.NAME).read_text(encoding="utf-8"))),
        "quarter": (quarter, json.loads((quarter / dictionary.BESIDE_TABLES).read_text(encoding="utf-8"))),
    }


def paths(resource):
    given = resource.get("path", [])
    return [given] if isinstance(given, str) else given


@pytest.mark.parametrize("what", ["run", "quarter"])
def test_it_is_a_data_package(described, what):
    """What the standard asks of a descriptor: names, and paths that stay below it."""
    _, package = described[what]
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert package["schema_version"] == SCHEMA_VERSION
    names = [resource["name"] for resource in package["resources"]]
    assert len(names) == len(set(names)) > 3
    for resource in package["resources"]:
        assert resource["type"] == "table"
        assert ("path" in resource) != ("data" in resource)
        for path in paths(resource):
            assert not path.startswith("/")
            assert ".." not in path.split("/")
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert len(fields) == len(set(fields)) > 0
        assert all(field["type"] in KINDS for field in resource["schema"]["fields"])


@pytest.mark.parametrize("what", ["run", "quarter"])
def test_it_says_of_every_file_what_it_holds_and_what_each_column_means(described, what):
    folder, package = described[what]
    told = set()
    for resource in package["resources"]:
        for path in paths(resource):
            told.add(path)
            schema, fields = pq.read_schema(folder / path), resource["schema"]["fields"]
            assert schema.names == [field["name"] for field in fields]
            for field in fields:
                column = schema.field(field["name"])
                assert KINDS[field["type"]](column.type), (path, column)
                assert column.metadata == {b"meaning": field["description"].encode()}
                if field["constraints"]["required"]:
                    given = pq.read_table(folder / path, columns=[field["name"]], partitioning=None)
                    assert given[0].null_count == 0
    assert told == {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}


def test_a_column_that_the_path_carries_is_described_beside_the_fields(described):
    _, package = described["run"]
    names = {one["name"]: one.get("partitioned_by", {}).get("name") for one in package["resources"]}
    carried = {table: name for table, name in names.items() if name}
    assert carried == {"ledger": "scoring_year", "announcements": "quarter"}


def test_columns_say_since_when_they_are_there(described):
    _, package = described["run"]
    (ledger,) = (one for one in package["resources"] if one["name"] == "ledger")
    since = {field["name"]: field["since"] for field in ledger["schema"]["fields"]}
    assert (since["points"], since["evidence_id"]) == (1, 2)
