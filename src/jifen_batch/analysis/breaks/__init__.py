"""Reconciliation: our figures against another system's, and every difference explained (specification 5)."""
