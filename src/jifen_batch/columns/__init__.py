"""Array tools under their textbook names: packed keys, sorted groups, codes, the calendar."""
