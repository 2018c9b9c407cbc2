"""Rows that wait for their part's turn: in memory while they fit, on the disk when not."""
