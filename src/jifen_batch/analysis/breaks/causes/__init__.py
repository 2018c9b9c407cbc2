"""What may have gone wrong in another system: one kind of mistake a file, each tried on the amounts."""
