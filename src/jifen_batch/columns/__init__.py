"""Array tools under their textbook names: packed keys, sorted groups, codes, the calendar."""

from jifen_batch.columns import plain_arrays

plain_arrays.settle()
