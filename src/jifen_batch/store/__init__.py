"""Files in and out: inputs read, tables written, runs published."""
