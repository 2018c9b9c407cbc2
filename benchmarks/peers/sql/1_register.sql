-- The register as numbers: a household_place is a household at one of its places, numbered in the order in which
-- the tables are sorted, so that every later sort, join and window works on integers.
CREATE TABLE register AS
SELECT household_id, village_id, town_id, enrolled_on, coalesce(left_on, DATE 'infinity') AS left_on
FROM read_parquet(getvariable('households'));

CREATE TABLE village AS
SELECT row_number() OVER (ORDER BY town_id, village_id)::INTEGER AS village, town_id, village_id
FROM (SELECT DISTINCT town_id, village_id FROM register);

CREATE TABLE household_place AS
SELECT
  row_number() OVER (ORDER BY town_id, village_id, household_id)::INTEGER AS household_place,
  dense_rank() OVER (ORDER BY household_id)::INTEGER AS household,
  village, town_id, village_id, household_id
FROM (SELECT DISTINCT town_id, village_id, household_id FROM register)
JOIN village USING (town_id, village_id);

CREATE TABLE spell AS
SELECT household, household_place, enrolled_on, left_on
FROM register JOIN household_place USING (town_id, village_id, household_id);

-- Most households never move and never leave: theirs is one row, and only the others need a look.
CREATE TABLE household AS
SELECT
  household, any_value(household_id) AS household_id, min(household_place) AS household_place,
  min(household_place) <> max(household_place) AS moves, count(*) > 1 AS returns,
  min(enrolled_on) AS enrolled_on, max(left_on) AS left_on
FROM spell JOIN household_place USING (household, household_place)
GROUP BY household;
