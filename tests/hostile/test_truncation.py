"""A file that ends too early, at any byte: refused by name, or as many good rows as a cut text still has."""

import os

import pytest

from hostile import victims

STEP = 1 if "SOAK_SEEDS" in os.environ else 31
FORMS = ("checked.parquet", "polars.parquet", "zstd.arrow", "plain.csv")


@pytest.mark.parametrize("form", FORMS)
def test_a_cut_file_is_refused_by_name_and_binary_ones_at_every_length(reader, tmp_path, form):
    path = tmp_path / form
    victims.FORMS[form](victims.events(), path)
    content = path.read_bytes()
    for length in range(0, len(content), STEP):
        path.write_bytes(content[:length])
        outcome, said = reader.read("events", path)
        whole_lines = form == "plain.csv" and outcome == "read"
        assert whole_lines or (outcome == "refused" and said.startswith(f"events: {form}: ")), length
