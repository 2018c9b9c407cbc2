"""Reconciliation: our figures held against another system's, and every difference explained (contract 5)."""
