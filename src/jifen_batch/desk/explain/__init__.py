"""`explain`: every line of a household, for the counter (specification 5)."""
