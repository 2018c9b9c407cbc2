"""`reconcile`: our balances against another system's figures (specification 5)."""
