"""Files that a command is asked to write beside its answer: never over what is published or read."""

import pytest

EVENTS = ("--events", "in", "--households", "h.csv")
COMMANDS = {
    "--impact": ("what-if", *EVENTS, "--rules", "rules", "--out", "out"),
    "--lines": ("compare", "current", "current", "--out", "out"),
    "--breaks": ("reconcile", "--out", "out", "--statement", "s.csv"),
}


@pytest.fixture
def asked(cli, tmp_path):
    """Ask a command for its file at a place; nothing is published, so it fails later if not at once."""
    for folder in ("out/runs/r1", "out/announced", "in/parts", "rules"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "out" / "runs")

    def call(option, place):
        return cli(*COMMANDS[option], option, place)

    return call


@pytest.mark.parametrize("option", COMMANDS)
@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("out/runs/r1/x.parquet", "what is published never changes"),
        ("out/announced/x.parquet", "what is published never changes"),
        ("link/r1/x.parquet", "what is published never changes"),
        ("no/where.parquet", "is no folder"),
        ("answer.csv", "let it end in .parquet"),
        ("rules", "let it end in .parquet"),
    ],
)
def test_a_place_where_nothing_may_be_written_is_wrong_usage(asked, option, place, said):
    result = asked(option, place)
    assert result.exit_code == 2
    assert f"{option} {place}: " in result.stderr
    assert said in result.stderr


@pytest.mark.parametrize("place", ["in/x.parquet", "in/parts/x.parquet"])
def test_a_file_among_the_inputs_would_be_read_the_next_night(asked, place):
    result = asked("--impact", place)
    assert result.exit_code == 2
    assert "one of the inputs" in result.stderr


@pytest.mark.parametrize("option", COMMANDS)
def test_a_place_beside_what_is_published_is_no_wrong_usage(asked, option):
    result = asked(option, "out/x.parquet")
    assert result.exit_code == 3, "only then was it found that nothing is published"


def test_the_statement_itself_is_an_input(cli, tmp_path):
    (tmp_path / "s.parquet").touch()
    result = cli("reconcile", "--out", "out", "--statement", "s.parquet", "--breaks", "s.parquet")
    assert result.exit_code == 2
    assert "one of the inputs" in result.stderr
