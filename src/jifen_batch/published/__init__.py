"""What was published, written and read back: runs, announced quarters, and their manifests."""
