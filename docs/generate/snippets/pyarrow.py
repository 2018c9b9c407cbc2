from pathlib import Path

import pyarrow.dataset as ds

run = Path("/srv/jifen/out/current").resolve(strict=True)
ledger = ds.dataset(run / "ledger", partitioning="hive")
lines = ledger.to_table(columns=["household_id", "points"], filter=ds.field("scoring_year") == 2023)
nets = lines.group_by("household_id").aggregate([("points", "sum")])
nets = nets.sort_by([("points_sum", "descending"), ("household_id", "ascending")])
for row in nets.slice(0, 3).to_pylist():
    print(row["household_id"], row["points_sum"])
