"""Where a run's rows are put, looked through and scored: here, by processes, by a cluster; the same files."""
