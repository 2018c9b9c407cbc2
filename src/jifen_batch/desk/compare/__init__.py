"""`compare`: what changed between two runs, and why (contract 5)."""
