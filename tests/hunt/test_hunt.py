"""Each way in which a night goes wrong ends as the table says: never 0 with a figure nobody was told of."""

import json
import os
from random import Random

import pytest

from hunt import BY_KIND, world
from hunt.way import WAYS, End
from jifen_batch.errors import JifenError

FIRST, _, LAST = os.environ.get("SOAK_SEEDS", "0:12").partition(":")
SEEDS = range(int(FIRST), min(int(LAST), int(FIRST) + 1000))


@pytest.fixture(scope="session")
def good(tmp_path_factory):
    """A world of which a quarter hangs, and the points of its events."""
    made = world.announced(tmp_path_factory.mktemp("hunt") / "good")
    return made, world.points(made.night())


@pytest.fixture
def spoilt(good, tmp_path):
    """The same in a folder of the test's own, to be spoilt."""
    made = good[0].copied(tmp_path / "w")
    yield made
    made.undo()


def said(spoilt, report):
    """What the log of a published run tells of its inputs, its rejects, and the edit that it holds back."""
    told = [spoilt.log.entries, world.rejects(report), report.held_back]
    return json.dumps(told, ensure_ascii=False, default=str)


def test_there_are_as_many_ways_as_the_pages_say():
    assert {way.of for way in WAYS} == {module.__name__.rpartition(".")[2] for module in BY_KIND}
    assert len({way.en for way in WAYS}) >= 60


def checked(spoilt, ends, right):
    """Hold a night after some ways to the ends that these have, and its points to those that are right."""
    errors = [end for end in ends if end.error]
    if errors:
        with pytest.raises(JifenError) as error:
            spoilt.night()
        told = str(error.value)
        assert error.value.exit_code in {end.code for end in errors}, told
        return told
    report = spoilt.night()
    assert (report.held_back is not None) == (End.HELD in ends)
    assert world.points(report) == {name: count for name, count in right.items() if count is not None}
    assert (report.manifest["accounting"]["rejected"] > 0) == (End.REJECTED in ends)
    return said(spoilt, report)


@pytest.mark.parametrize("way", WAYS, ids=[f"{way.of}: {way.en}" for way in WAYS])
def test_nothing_goes_wrong_in_silence(way, good, spoilt):
    right = good[1] | (way.spoil(spoilt) or {})
    told = checked(spoilt, {way.end}, right)
    assert [word for word in way.says if word not in told] == [], told


def pair(seed):
    """Two ways of different inputs that may happen in one night."""
    chance = Random(seed)  # noqa: S311 - can be run again
    # What happens to the machine happens to files that are spoilt already.
    first, second = sorted(chance.sample(BY_KIND, 2), key=BY_KIND.index)
    of_first, of_second = (
        [way for way in WAYS if way.of == one.__name__.rpartition(".")[2]] for one in (first, second)
    )
    return chance.choice(of_first), chance.choice(of_second)


@pytest.mark.parametrize("seed", SEEDS)
def test_two_things_that_go_wrong_hide_nothing_of_each_other(seed, good, spoilt):
    """Whatever both do, a night that ends 0 has the right points; `SOAK_SEEDS` takes other pairs, or more."""
    ways = pair(seed)
    right = dict(good[1])
    for way in ways:
        right |= way.spoil(spoilt) or {}
    checked(spoilt, {way.end for way in ways}, right)
