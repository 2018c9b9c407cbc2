from pathlib import Path

import polars as pl

refused = max(Path("/srv/jifen/out/refused").iterdir())
rejects = pl.read_parquet(refused / "rejects")
for file, row, why in rejects.select("source_file", "source_row", "detail").head(4).iter_rows():
    print(file, row, why)
