"""`fleet`: one run a county, of a list of counties."""
