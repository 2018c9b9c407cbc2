"""An output folder in an object store: what it holds, brought to the disk and carried back."""
