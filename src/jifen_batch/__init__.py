"""jifen-batch: scores a town's village households in one pass and publishes what they earned."""

__version__ = "0.2.0"
