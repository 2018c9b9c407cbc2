"""Every command reads what every released version wrote, and goes on: the next night, the next quarter."""

from pathlib import Path

import polars as pl
import pytest

from jifen_batch.published import publish
from jifen_batch.tables import LEDGER
from released.commands import INPUTS, ROOT, SOURCE, announced, night, read_by_all


@pytest.fixture
def with_proofs(tmp_path):
    """The fixture village's inputs, every event with a reference to its proof."""
    folder = tmp_path / "with-proofs"
    folder.mkdir()
    for path in sorted((ROOT / "fixtures" / "events").glob("*.csv")):
        rows = pl.read_csv(path, infer_schema=False)
        rows.with_columns(evidence_id=pl.format("proof-{}", "event_id")).write_csv(folder / path.name)
    return tuple(str(folder) if word == "fixtures/events" else word for word in INPUTS)


def test_every_command_reads_it_and_the_year_goes_on(out, with_proofs):
    first = min(publish.published(out), key=lambda run: publish.read_manifest(run)["as_of"]).name
    said = read_by_all(SOURCE, out, first)
    assert said["verify"]["findings"] == []
    assert said["compare"]["unattributed"] == 0
    assert announced(SOURCE, out, "2023Q2")["outcome"] == "unchanged"

    before = (out / "current").resolve().name
    run = night(SOURCE, out, "2023-10-20", with_proofs)
    proofs = pl.read_parquet(run / "ledger" / "*" / "*.parquet")["evidence_id"]
    assert (proofs.null_count(), proofs.n_unique() > 200) == (0, True)
    assert announced(SOURCE, out, "2023Q3")["outcome"] == "announced"
    said = read_by_all(SOURCE, out, before, with_proofs)
    assert said["verify"]["findings"] == []
    assert said["compare"]["unattributed"] == 0
    assert said["compare"]["lines_unattributed"] == 0

    quarter = out / "announced" / "quarter=2023Q3"
    assert set(pl.read_parquet(quarter / "lines.parquet")["evidence_id"].is_null()) == {False}
    # What an older program could not say of its lines is no reason to correct them.
    corrections = pl.read_parquet(quarter / "corrections.parquet")
    told = [name for name in LEDGER.names if name != "evidence_id"]
    assert corrections.select(told).is_duplicated().sum() == 0


def test_what_was_announced_is_still_the_same_for_a_night_that_knows_more(out, with_proofs):
    night(SOURCE, out, "2023-07-20", with_proofs)
    assert announced(SOURCE, out, "2023Q2")["outcome"] == "unchanged"


def test_the_fixture_is_small(released):
    assert sum(path.stat().st_size for path in Path(released).rglob("*") if path.is_file()) < 1_000_000
