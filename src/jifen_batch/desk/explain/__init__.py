"""`explain`: every line of a household, for the counter (contract 5)."""
