"""The disk: the file operations that change it, each whole, lasting, and with the right modes."""
