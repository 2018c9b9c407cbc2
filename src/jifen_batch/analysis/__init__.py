"""Two sets of lines held against each other: attribution, breaks, corrections, wallets; pure."""
