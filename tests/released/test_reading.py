"""Every command reads what every released version wrote, and goes on: the next night, the next quarter."""

from jifen_batch.published import publish
from released.commands import SOURCE, announced, night, read_by_all


def test_every_command_reads_it_and_the_year_goes_on(out):
    first = min(publish.published(out), key=lambda run: publish.read_manifest(run)["as_of"]).name
    said = read_by_all(SOURCE, out, first)
    assert said["verify"]["findings"] == []
    assert said["compare"]["unattributed"] == 0
    assert announced(SOURCE, out, "2023Q2")["outcome"] == "unchanged"

    before = (out / "current").resolve().name
    night(SOURCE, out, "2023-10-20")
    assert announced(SOURCE, out, "2023Q3")["outcome"] == "announced"
    said = read_by_all(SOURCE, out, before)
    assert said["verify"]["findings"] == []
    assert said["compare"]["unattributed"] == 0
