"""`report`: a run to look at, as one page that needs nothing else."""
