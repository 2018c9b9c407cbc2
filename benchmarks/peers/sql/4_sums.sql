-- What the lines of a household come to (4): the quarters first, everything else from them.
CREATE TABLE total AS
SELECT
  posted.household_place, posted.household, posted.year, category_number, quarter, any_value(category) AS category,
  sum(points) FILTER (points > 0)::BIGINT AS awarded,
  sum(points) FILTER (points < 0 AND disposition <> 'reversed')::BIGINT AS deducted,
  sum(points) FILTER (disposition = 'reversed')::BIGINT AS "reversed",
  sum(points)::BIGINT AS net,
  count(*) FILTER (points > 0) AS awards,
  count(*) FILTER (points < 0 AND disposition <> 'reversed') AS deductions
FROM posted JOIN items USING (rule)
GROUP BY posted.household_place, posted.household, posted.year, category_number, quarter;

CREATE TABLE account AS
SELECT household, year, sum(net)::BIGINT AS net FROM total GROUP BY household, year;

CREATE TABLE asked_year AS
SELECT unnest(range(min(year), max(year) + 1))::INTEGER AS year FROM account;

CREATE TABLE asked_quarter AS
SELECT
  quarter, quarter // 4 AS year,
  least(last_day(make_date(quarter // 4, quarter % 4 * 3 + 3, 1)), getvariable('as_of')) AS day
FROM (
  SELECT unnest(range(
    min(quarter), year(getvariable('as_of')) * 4 + quarter(getvariable('as_of'))
  ))::INTEGER AS quarter
  FROM total
);

-- Every household enrolled on some day of a ledger year, ranked where it still is on the last (standings).
CREATE TABLE standing AS
WITH enrolled AS (
  SELECT
    household, year,
    bool_or(enrolled_on <= last_day AND left_on > last_day) AS ranked
  FROM spell
  CROSS JOIN (
    SELECT year, least(make_date(year, 12, 31), getvariable('as_of')) AS last_day FROM asked_year
  )
  WHERE enrolled_on <= last_day AND left_on > make_date(year, 1, 1) AND last_day >= make_date(year, 1, 1)
  GROUP BY household, year
), placed AS (
  SELECT household, year, ranked, coalesce(mover.household_place, household.household_place) AS household_place
  FROM enrolled JOIN household USING (household) LEFT JOIN mover USING (household, year)
), accounts AS (
  SELECT household_place, village, placed.year, ranked, town_id, village_id, household_id, coalesce(net, 0) AS net
  FROM placed JOIN household_place USING (household_place) LEFT JOIN account ON account.household = placed.household
    AND account.year = placed.year
)
SELECT
  household_place, town_id, village_id, household_id, year AS scoring_year, net,
  CASE WHEN ranked THEN rank() OVER (PARTITION BY village, year, ranked ORDER BY net DESC) END::INTEGER
    AS rank,
  CASE WHEN ranked THEN rank() OVER (PARTITION BY town_id, year, ranked ORDER BY net DESC) END::INTEGER
    AS rank_in_town,
  (count(*) FILTER (ranked) OVER (PARTITION BY village, year))::INTEGER AS households
FROM accounts;

-- What a village's households did in a quarter (participation).
CREATE VIEW participation AS
WITH of_lines AS (
  SELECT
    village, quarter, count(DISTINCT total.household_place) FILTER (awarded > 0) AS earning,
    sum(awards) AS awards, sum(deductions) AS deductions
  FROM total JOIN household_place USING (household_place)
  GROUP BY ALL
), of_rows AS (
  SELECT
    village, year(occurred_on) * 4 + quarter(occurred_on) - 1 AS quarter,
    count(DISTINCT household_place) FILTER (state IN ('posted', 'not_yet_posted', 'no_month_end')) AS active,
    count(*) FILTER (state = 'declared') AS declared,
    count(*) FILTER (state = 'assessed') AS assessed,
    count(*) FILTER (state = 'rejected') AS rejects
  FROM event
  WHERE household_place IS NOT NULL
  GROUP BY ALL
), of_register AS (
  SELECT village, quarter, count(*) AS enrolled
  FROM spell JOIN asked_quarter ON enrolled_on <= day AND left_on > day
  JOIN household USING (household) LEFT JOIN mover USING (household, year)
  JOIN household_place ON household_place.household_place = coalesce(mover.household_place, household.household_place)
  GROUP BY ALL
), known AS (
  SELECT town_id, village_id FROM village
  UNION
  SELECT town_id, village_id FROM villages
)
SELECT
  known.town_id, known.village_id, quarter // 4 || 'Q' || quarter % 4 + 1 AS quarter,
  households_total::INTEGER AS households_total,
  coalesce(enrolled, 0)::INTEGER AS enrolled,
  coalesce(earning, 0)::INTEGER AS earning,
  coalesce(active, 0)::INTEGER AS active,
  coalesce(awards, 0)::INTEGER AS awards,
  coalesce(deductions, 0)::INTEGER AS deductions,
  coalesce(declared, 0)::INTEGER AS declared,
  coalesce(assessed, 0)::INTEGER AS assessed,
  coalesce(rejects, 0)::INTEGER AS rejects
FROM known CROSS JOIN asked_quarter
LEFT JOIN village USING (town_id, village_id)
LEFT JOIN of_register USING (village, quarter)
LEFT JOIN of_lines USING (village, quarter)
LEFT JOIN of_rows USING (village, quarter)
LEFT JOIN villages USING (village_id)
ORDER BY 1, 2, 3;
