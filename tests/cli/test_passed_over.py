"""What a run says of files that it did not read, and of what may be wrong: in the language that is spoken."""

import json

import pytest
from click.testing import CliRunner

from both_languages import HAN, faults
from jifen_batch.cli.program import program
from worklist.conftest import AS_OF, Listed, filled


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The lines of a night's log in a language, and the manifest's words."""
    made = filled(Listed(tmp_path_factory.mktemp("told")))
    rules = made.write()
    (made.folder / "feed").mkdir()
    (made.folder / "events.parquet").rename(made.folder / "feed" / "events.parquet")
    (made.folder / "feed" / "说明.txt").touch()
    (rules / "备注.md").touch()

    def call(language):
        words = ["run", "--events", made.folder / "feed", "--households", made.folder / "households.parquet"]
        words += [
            "--rules",
            rules,
            "--as-of",
            AS_OF,
            "--out",
            made.folder / language,
            "--max-reject-rate",
            "1",
        ]
        result = CliRunner().invoke(program, [*map(str, words), "--language", language])
        assert result.exit_code == 0, result.stderr
        lines = [json.loads(line) | {"stdout": result.stdout} for line in result.stderr.splitlines()]
        content = json.loads((made.folder / language / "current" / "manifest.json").read_bytes())
        assert lines[-1]["warnings"] == [line["level"] for line in lines].count("warning") > 1
        return [line for line in lines if line["event"] == "passed over"], content["passed_over"]

    return call


@pytest.mark.parametrize("language", ["zh", "en"])
def test_why_is_said_in_the_language_and_beside_it_in_both(told, language):
    lines, kept = told(language)
    assert [(one["role"], one["name"]) for one in lines] == [("events", "说明.txt"), ("rules", "备注.md")]
    for line in lines:
        assert line["why"] == line["sentence"][language]
        assert faults(line["sentence"]["en"], line["sentence"]["zh"]) == []
    assert [(one["why"], one["sentence"]) for one in kept] == [
        (line["sentence"]["en"], line["sentence"]) for line in lines
    ]


def test_in_english_the_report_of_a_night_is_english(told):
    lines, _ = told("en")
    assert lines[0]["stdout"]
    assert not HAN.search(lines[0]["stdout"])
    assert HAN.search(told("zh")[0][0]["stdout"])
