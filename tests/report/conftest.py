"""Runs to look at: the invented village's, and one whose every figure is known."""

from datetime import date

import pytest
from click.testing import CliRunner

from announce.village import Village
from jifen_batch.cli.program import program

AS_OF = date(2023, 11, 20)
GRADES = '\n[[grades]]\nname = "五星户"\nat_least = 20\n\n[[grades]]\nname = "三星户"\nat_least = 5\n'
# Whatever of a person or a household might slip through; none of it may stand on the page.
CANARIES = ("wang-secret", "li-secret", "13812345678", "赵钱孙", "event-secret", "proof-secret")


class Graded(Village):
    """A village with grades."""

    def write(self):
        folder = super().write()
        book = folder / "book.toml"
        book.write_text(f"{book.read_text(encoding='utf-8')}{GRADES}", encoding="utf-8")
        return folder


@pytest.fixture(scope="package")
def run(tmp_path_factory):
    """East: wang-secret has six helps of 5 under the cap of 20, and 20; li-secret 20. West: nothing."""
    made = Graded(tmp_path_factory.mktemp("reported"))
    made.homes = {"wang-secret": "east", "li-secret": "east", "idle": "west"}
    made.named = "村"
    made.event("f2", date(2023, 3, 1), item="fire", household="li-secret")
    made.night(AS_OF.replace(day=19))
    for number in range(6):
        made.event(f"event-secret-{number}", date(2023, 2, 1 + number), household="wang-secret")
    made.event("f1", date(2023, 9, 2), item="fire", household="wang-secret", evidence_id="proof-secret")
    made.event("x1", date(2023, 9, 2), item="nonsense", household="wang-secret")
    made.event("x2", date(2023, 9, 2), household="wang-secret", member_id="13812345678")
    made.event("x3", date(2023, 9, 2), household="赵钱孙")
    made.night(AS_OF)
    return made


@pytest.fixture
def reported(tmp_path):
    """Make a page: the result, and the page."""

    def call(out, *more):
        to = tmp_path / "report.html"
        words = ["report", "--out", out, "--to", to, *more]
        result = CliRunner().invoke(program, [str(word) for word in words])
        return result, to.read_text(encoding="utf-8") if to.exists() else ""

    return call
