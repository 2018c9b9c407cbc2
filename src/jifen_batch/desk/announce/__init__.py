"""`announce`: a quarter frozen, its notices printed (contract 5)."""
