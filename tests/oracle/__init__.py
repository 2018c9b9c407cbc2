"""A second scorer, written from the specification alone: plain Python, one row after another, no frames.

It shares nothing with the package but the names of columns, so that the two can only agree by both
being right. It believes its inputs as far as the specification refuses bad ones: books are valid and spells
of a household do not overlap. `score` gives the tables as lists of rows, `accounting` what became of
every row read (specification 3.4).
"""

from oracle.scored import Scored, accounting, score, score_inputs, score_whole

__all__ = ["Scored", "accounting", "score", "score_inputs", "score_whole"]
