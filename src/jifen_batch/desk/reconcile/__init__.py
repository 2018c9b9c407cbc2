"""`reconcile`: our balances against another system's figures (contract 5)."""
