"""`announce`: a quarter frozen, its notices printed (specification 5)."""
