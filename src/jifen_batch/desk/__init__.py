"""What people ask of published runs: announce, compare, what-if, reconcile, explain; a page a file."""
