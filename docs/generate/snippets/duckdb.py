from pathlib import Path

import duckdb

run = Path("/srv/jifen/out/current").resolve(strict=True)
query = f"""
    SELECT scoring_year, count(*), sum(points)
    FROM read_parquet('{run}/ledger/*/*.parquet', hive_partitioning = true)
    GROUP BY ALL ORDER BY ALL
"""
for year, lines, points in duckdb.sql(query).fetchall():
    print(year, lines, points)
