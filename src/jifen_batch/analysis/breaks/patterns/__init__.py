"""What several breaks show together that none shows alone: how strong a cause is, and causes seen only so."""
