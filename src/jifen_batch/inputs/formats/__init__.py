"""File formats, each read into rows: Parquet and Arrow IPC, delimited text, workbooks."""
