"""The JSON Schema that editors check and complete a rule file with."""

import json

import pytest

from jifen_batch.rules.model import Head, Item
from jifen_batch.rules.schema import json_schema


@pytest.fixture(scope="module")
def schema():
    return json_schema()


def test_it_is_plain_json(schema):
    assert json.loads(json.dumps(schema)) == schema


def test_every_key_is_explained_in_chinese(schema):
    for table in (schema, *schema["$defs"].values()):
        for key, field in table["properties"].items():
            assert any("\u4e00" <= sign <= "\u9fff" for sign in field.get("description", "")), key


def test_no_table_takes_an_unknown_key(schema):
    assert all(table["additionalProperties"] is False for table in (schema, *schema["$defs"].values()))


def test_it_knows_every_key_of_the_format(schema):
    assert set(schema["properties"]) == {"book", "caps", "items", "grades", "wallet"}
    assert set(schema["$defs"]["Item"]["properties"]) == set(Item.fields())
    assert set(schema["$defs"]["Head"]["properties"]) == set(Head.fields())
    assert set(schema["$defs"]["DatedPoints"]["properties"]) == {"from", "points"}


def test_it_offers_the_words_that_may_stand(schema):
    item = schema["$defs"]["Item"]["properties"]
    assert item["per"]["enum"] == ["month", "quarter", "half", "year", "event", "matter"]
    assert (item["row"]["minimum"], item["row"]["maximum"]) == (1, 34)


def test_toml_knows_no_null_so_neither_does_it(schema):
    assert '"null"' not in json.dumps(schema)
    assert "null" not in json.dumps(schema)


def test_only_a_book_that_extends_may_leave_out_what_it_inherits(schema):
    assert schema["$defs"]["Item"]["required"] == ["code"]
    assert "points" in schema["else"]["properties"]["items"]["items"]["required"]
    assert schema["if"] == {"properties": {"book": {"required": ["extends"]}}}


def test_every_table_has_a_chinese_title_and_no_other(schema):
    for table in (schema, *schema["$defs"].values()):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in table["title"])
        assert "description" not in table or table is schema
