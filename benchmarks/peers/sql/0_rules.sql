-- The compiled rule books, as the worker's own loader leaves them; all small.
CREATE TABLE scopes AS FROM read_parquet(getvariable('rules') || '/scopes.parquet');

CREATE TABLE forfeits AS
SELECT DISTINCT "trigger", forfeited, scope FROM read_parquet(getvariable('rules') || '/forfeits.parquet');

CREATE TABLE items AS
SELECT
  rule, book, code, category, task, id AS book_id, per, pledge, by_member, matter, exclusive, matter_cap,
  cap_points, cap_net, forfeits_scope,
  (dense_rank() OVER (ORDER BY category))::TINYINT AS category_number,
  CASE WHEN cap IS NOT NULL THEN dense_rank() OVER (ORDER BY cap) END::SMALLINT AS cap_number,
  per <> 'event' OR exclusive IS NOT NULL AS single,
  per = 'matter' OR exclusive IS NOT NULL OR matter_cap IS NOT NULL OR matter = 'required' AS matters
FROM read_parquet(getvariable('rules') || '/items.parquet') AS item
JOIN read_parquet(getvariable('rules') || '/books.parquet') AS books USING (book);

CREATE TABLE points AS
SELECT
  rule, points, from_date,
  lead(from_date, 1, DATE 'infinity') OVER (PARTITION BY rule ORDER BY from_date) AS to_date
FROM read_parquet(getvariable('rules') || '/points.parquet');
