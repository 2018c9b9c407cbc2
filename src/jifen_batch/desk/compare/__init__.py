"""`compare`: what changed between two runs, and why (specification 5)."""
