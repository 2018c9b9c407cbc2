"""Which cause explains a difference to the point: alone, or as the one smallest combination.

An atom is what one mistake alone would change in one key, theirs - ours. A cause is given only where all
the smallest explanations name the same causes; where they disagree none is, for a guess may be wrong. An
older book was really in force: where it explains a key, what merely imitates it has no say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.scheme.causes import BREAK_CAUSES, OLDER_RULES
from jifen_batch.scheme.word import names

if TYPE_CHECKING:
    from collections.abc import Callable

# Beyond these, a key has so many atoms that some combination fits by chance.
ATOMS_IN_PAIRS_MAX, ATOMS_IN_TRIPLES_MAX = 24, 12
EQUAL_ATOMS_MAX = 3
CAUSE = pl.Enum(names(BREAK_CAUSES))
SEPARATOR = "+"
SUFFIXES = ("", "_2", "_3")
FOUND = pl.Schema(
    {
        "key": pl.Int64(),
        "cause": pl.String(),
        "because": pl.String(),
        "strength": pl.String(),
        "pieces": pl.Int32(),
        "explanations": pl.Int32(),
    }
)


def explained(
    wanted: pl.DataFrame, atoms: pl.DataFrame, add_up: Callable[[pl.DataFrame], pl.Series]
) -> pl.DataFrame:
    """One row (`FOUND`) per key that atoms explain; `cause` null where its explanations disagree.

    `wanted` has `key` and `amount`, theirs - ours; `atoms` has `key`, `cause`, `part` (what it is about),
    `whole` (all of its cause at once), `because`, `amount`, `trial` and `imitates` (an older book). Atoms of
    one part, and the whole of a cause with another atom of that cause, do not combine; nor do those that do
    not `add_up`, which is asked with `key`, `trials` and `amount`. Explanations of one and of two atoms are
    weighed together.
    """
    atoms = _distinct(atoms.join(wanted.select("key", wanted="amount"), on="key"))
    ones = _chain(atoms.filter(pl.col("amount") == pl.col("wanted")), 1)
    twos = _borne_out(_pairs(_few(atoms, ATOMS_IN_PAIRS_MAX)), 2, add_up)
    fitting = _judged(pl.concat([ones, twos]))
    left = atoms.join(fitting, on="key", how="anti")
    threes = _borne_out(_triples(_few(left, ATOMS_IN_TRIPLES_MAX)), 3, add_up)
    return pl.concat([fitting, _judged(threes)])


def _borne_out(rows: pl.DataFrame, pieces: int, add_up: Callable[[pl.DataFrame], pl.Series]) -> pl.DataFrame:
    """Combinations that still come to what is wanted when all of it is done at once, as `_chain` has them."""
    suffixes = SUFFIXES[:pieces]
    scored = [pl.when(pl.col(f"trial{at}").is_not_null()).then(f"amount{at}") for at in suffixes]
    asked = rows.select(
        "key",
        trials=pl.concat_list([f"trial{at}" for at in suffixes]).list.drop_nulls(),
        amount=pl.sum_horizontal(scored),
    )
    return _chain(rows.filter(add_up(asked)), pieces)


def explained_alone(wanted: pl.DataFrame, atoms: pl.DataFrame) -> pl.DataFrame:
    """The same (`FOUND`) by single atoms only."""
    atoms = _distinct(atoms.join(wanted.select("key", wanted="amount"), on="key"))
    ones = atoms.filter(pl.col("amount") == pl.col("wanted")).with_columns(imitates=pl.lit(value=False))
    return _judged(_chain(ones, 1))


def _distinct(atoms: pl.DataFrame) -> pl.DataFrame:
    """Atoms that change something, numbered; of those that only differ in their part, the first few."""
    alike = ["key", "cause", "amount", "whole"]
    atoms = atoms.filter(pl.col("amount") != 0).with_columns(pl.col("cause").cast(CAUSE))
    atoms = atoms.sort("key", "cause", "whole", "part", "amount", "because")
    atoms = atoms.unique(["key", "cause", "part", "amount"], keep="first", maintain_order=True)
    first_few = pl.int_range(pl.len()).over(alike) < EQUAL_ATOMS_MAX
    return atoms.filter(first_few).with_row_index("atom")


def _few(atoms: pl.DataFrame, most: int) -> pl.DataFrame:
    """Atoms of the keys that have at most so many."""
    return atoms.filter(pl.len().over("key") <= most)


def _pairs(atoms: pl.DataFrame) -> pl.DataFrame:
    """Two atoms that together come to what is wanted; those of the second end in _2."""
    need = atoms.with_columns(rest=pl.col("wanted") - pl.col("amount"))
    pairs = need.join(atoms, left_on=["key", "rest"], right_on=["key", "amount"], suffix="_2")
    pairs = pairs.with_columns(amount_2="rest")
    return pairs.filter((pl.col("atom") < pl.col("atom_2")) & _apart("", "_2"))


def _triples(atoms: pl.DataFrame) -> pl.DataFrame:
    """Three atoms that together come to what is wanted."""
    pairs = atoms.join(atoms, on="key", suffix="_2")
    pairs = pairs.filter((pl.col("atom") < pl.col("atom_2")) & _apart("", "_2"))
    pairs = pairs.with_columns(rest=pl.col("wanted") - pl.col("amount") - pl.col("amount_2"))
    triples = pairs.join(atoms, left_on=["key", "rest"], right_on=["key", "amount"], suffix="_3")
    triples = triples.with_columns(amount_3="rest")
    return triples.filter((pl.col("atom_2") < pl.col("atom_3")) & _apart("", "_3") & _apart("_2", "_3"))


def _apart(one: str, other: str) -> pl.Expr:
    """Whether two atoms can both be so: they are about different things, and neither holds the other."""
    same_cause = pl.col(f"cause{one}") == pl.col(f"cause{other}")
    either_whole = pl.col(f"whole{one}") | pl.col(f"whole{other}")
    return (pl.col(f"part{one}") != pl.col(f"part{other}")) & ~(same_cause & either_whole)


def _chain(rows: pl.DataFrame, pieces: int) -> pl.DataFrame:
    """Each explanation as `key`, `causes`, `because`, its `pieces`, and whether all of it `imitates`."""
    suffixes = SUFFIXES[:pieces]
    causes = pl.concat_list([f"cause{suffix}" for suffix in suffixes]).list.unique().list.sort()
    because = pl.concat_str([f"because{suffix}" for suffix in suffixes], separator="; ")
    return rows.select(
        "key",
        causes=causes.cast(pl.List(pl.String)).list.join(SEPARATOR),
        because=because,
        pieces=pl.lit(pieces, dtype=pl.Int32),
        imitates=pl.all_horizontal(f"imitates{suffix}" for suffix in suffixes),
    )


def _judged(explanations: pl.DataFrame) -> pl.DataFrame:
    """One row (`FOUND`) per key: the causes on which all its explanations agree, else null."""
    documented = (pl.col("causes") == OLDER_RULES).any().over("key")
    explanations = explanations.filter(~(documented & pl.col("imitates")))
    agreed = pl.col("causes").n_unique() == 1
    return (
        explanations.group_by("key", maintain_order=True)
        .agg(
            cause=pl.when(agreed).then(pl.col("causes").first()),
            because=pl.when(agreed).then(pl.col("because").first()),
            pieces=pl.when(agreed).then(pl.col("pieces").first()),
            explanations=pl.len(),
        )
        .with_columns(strength=pl.lit(None))
        .select(pl.col(name).cast(kind) for name, kind in FOUND.items())
    )
