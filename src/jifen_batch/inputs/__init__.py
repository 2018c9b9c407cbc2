"""Inputs: found, told apart, looked at from outside, and read in one form (specification 2)."""
