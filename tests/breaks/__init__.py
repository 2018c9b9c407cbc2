"""A made-up county with known oddities, and another system that made known mistakes about it."""
