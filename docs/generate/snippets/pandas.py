from pathlib import Path

import pandas as pd

run = Path("/srv/jifen/out/current").resolve(strict=True)
quarter = pd.read_parquet(run / "announcements", filters=[("quarter", "==", "2024Q2")])
village = quarter[quarter["village_id"] == "990113102202"]
for household, net in village.groupby("household_id")["net"].sum().nlargest(3).items():
    print(household, net)
