"""Realistic inputs of any size, made up from a seed: no person, village or town in them is real.

A town is made at a time and a year at a time, so that memory does not grow with the number of
households; the same seed gives the same bytes, and a larger county begins with the towns of a smaller.
"""

from jifen_batch.synth.county import SynthReport, generate
from jifen_batch.synth.every_rule import write_every_rule

__all__ = ["SynthReport", "generate", "write_every_rule"]
