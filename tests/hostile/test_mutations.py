"""Files that chance has broken are read or refused by name: nobody dies, hangs or reads other rows.

`SOAK_SEEDS=FIRST:LAST` tries other, or more, mutations; a failing seed, given again, fails again.
"""

import os
from collections import Counter
from random import Random

import pytest

from hostile.damage import mutate
from hostile.reader import DIED
from hostile.victims import VICTIMS

FIRST, _, LAST = os.environ.get("SOAK_SEEDS", "0:30").partition(":")
SEEDS = range(int(FIRST), int(LAST))


@pytest.fixture
def victim(request, tmp_path):
    """Role, path and good content of a file."""
    role, table, form, write = VICTIMS[request.param]
    path = tmp_path / form
    write(table(), path)
    return role, path, path.read_bytes()


def end_of_pages(content):
    """Where the pages of a Parquet file end, and its footer, which has no checksum, begins."""
    return len(content) - 8 - int.from_bytes(content[-8:-4], "little")


@pytest.mark.parametrize("victim", VICTIMS, indirect=True)
def test_a_broken_file_is_read_or_refused_by_name(reader, victim):
    role, path, content = victim
    outcomes = Counter()
    assert reader.read(role, path)[0] == "read"
    # A workbook takes a process of its own, a second each.
    for seed in SEEDS[:: 10 if path.suffix == ".xlsx" else 1]:
        path.write_bytes(mutate(content, Random(seed)))  # noqa: S311 - can be run again
        outcome, said = reader.read(role, path)
        outcomes[outcome] += 1
        assert outcome in {"read", "refused", DIED}, f"SOAK_SEEDS={seed}:{seed + 1}: {outcome} {said}"
        assert outcome == "read" or said.startswith(f"{role}: ")
        assert outcome == "read" or "; " in said
    print(outcomes)  # noqa: T201 - figures for who asks with -s


@pytest.mark.parametrize("victim", [name for name in VICTIMS if "checked" in name], indirect=True)
def test_where_pages_have_checksums_no_other_rows_are_ever_read(reader, victim):
    role, path, content = victim
    _, good = reader.read(role, path)
    refused = 0
    for seed in SEEDS:
        chance = Random(seed)  # noqa: S311 - likewise
        path.write_bytes(mutate(content, chance, end_of_pages(content)))
        outcome, said = reader.read(role, path)
        refused += outcome in {"refused", DIED}
        assert outcome in {"refused", DIED} or (outcome, said) == ("read", good), (
            f"SOAK_SEEDS={seed}:{seed + 1}"
        )
    assert refused > len(SEEDS) // 2
