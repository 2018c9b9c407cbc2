"""manifest.json says what lies beside it, the same way each time."""

import hashlib
import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.files import digest_files
from jifen_batch.inputs.find import find
from jifen_batch.published import manifest, publish


def test_it_is_sorted_utf8_with_a_newline_at_the_end_and_its_own_digest():
    bare = hashlib.sha256('{\n "a": 1,\n "b": "村"\n}\n'.encode()).hexdigest()
    written = manifest.as_bytes({"b": "村", "a": 1})
    assert written == f'{{\n "a": 1,\n "b": "村",\n "manifest_sha256": "{bare}"\n}}\n'.encode()
    assert manifest.as_bytes(json.loads(written)) == written


texts = st.text(alphabet='ab村"\\\n ', max_size=4)
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
records = st.lists(st.dictionaries(texts, plain, max_size=3), max_size=3)
anything = st.recursive(
    plain | records,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(texts, anything, max_size=3))
def test_its_form_is_json_with_an_indent_of_one_whatever_it_holds(content):
    written = manifest.as_bytes(content)
    said = {**content, manifest.SEAL: json.loads(written)[manifest.SEAL]}
    assert written.decode() == json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@pytest.mark.parametrize("at", [0, 5, 30, -3, -1])
def test_a_manifest_of_which_one_byte_changed_is_not_whole(at):
    written = bytearray(manifest.as_bytes({"b": "村", "a": 1}))
    assert manifest.is_whole(bytes(written), json.loads(written))
    changed = bytes(written[:at]) + b" " + bytes(written[at:][1:])
    try:
        content = json.loads(changed)
    except ValueError:
        return
    assert not manifest.is_whole(changed, content)


def test_every_output_has_size_digest_and_rows(tmp_path):
    (tmp_path / "ledger").mkdir()
    pl.DataFrame({"points": [5, 10]}).write_parquet(tmp_path / "ledger" / "part-00000.parquet")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "base.toml").write_bytes(b"[book]")
    table, book = manifest.of_outputs(tmp_path)
    assert (table["name"], table["rows"]) == ("ledger/part-00000.parquet", 2)
    assert table["size"] == (tmp_path / "ledger" / "part-00000.parquet").stat().st_size
    assert book == {
        "name": "rules/base.toml",
        "size": 6,
        "sha256": hashlib.sha256(b"[book]").hexdigest(),
        "rows": None,
    }


def test_inputs_are_named_by_role(tmp_path):
    (tmp_path / "e.csv").write_bytes(b"x")
    digests = digest_files(find(str(tmp_path), "events").files)
    assert manifest.of_inputs(digests) == [
        {"role": "events", "name": "e.csv", "size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
    ]


@pytest.mark.parametrize(
    ("content", "complaint"), [(None, "no run"), (b"{", "damaged"), (b"[]", "damaged"), (b"\xff", "damaged")]
)
def test_a_manifest_that_is_missing_or_damaged_is_named(tmp_path, content, complaint):
    if content is not None:
        (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(InputRefusedError, match=f"{tmp_path}.*{complaint}"):
        publish.read_manifest(tmp_path)
