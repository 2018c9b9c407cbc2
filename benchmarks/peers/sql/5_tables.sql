-- The published tables (4), by name, in their order; `write` copies each to Parquet.
CREATE MACRO quarter_name(quarter) AS quarter // 4 || 'Q' || quarter % 4 + 1;

CREATE VIEW ledger AS
SELECT
  town_id, village_id, household_place.household_id, year::INTEGER AS scoring_year, category, task, code AS item,
  told.event_id, told.member_id, told.matter_id, told.decision_id, told.occurred_on, accrued_on,
  posted_on, quarter_name(posted.quarter) AS quarter, posted.quantity, gross::BIGINT AS gross,
  points::BIGINT AS points, cap_used::BIGINT AS cap_used, disposition, reason.event_id AS cause,
  book_id AS book
FROM posted
JOIN household_place USING (household_place)
JOIN items USING (rule)
JOIN feed AS told ON told.rowid = posted.source
LEFT JOIN feed AS reason ON reason.rowid = posted.cause
ORDER BY posted.household_place, posting;

CREATE VIEW balances AS
SELECT
  town_id, village_id, household_id, year::INTEGER AS scoring_year, category,
  coalesce(sum(awarded), 0)::BIGINT AS awarded, coalesce(sum(deducted), 0)::BIGINT AS deducted,
  coalesce(sum("reversed"), 0)::BIGINT AS "reversed", sum(net)::BIGINT AS net
FROM (
  SELECT household_place, year, category_number, any_value(category) AS category, sum(awarded) AS awarded,
    sum(deducted) AS deducted, sum("reversed") AS "reversed", sum(net) AS net
  FROM total GROUP BY household_place, year, category_number
) JOIN household_place USING (household_place)
GROUP BY ALL
ORDER BY 1, 2, 3, 4, 5;

CREATE VIEW announcements AS
SELECT
  town_id, village_id, household_id, year::INTEGER AS scoring_year, category, quarter_name(quarter) AS quarter,
  coalesce(awarded, 0) AS awarded, coalesce(deducted, 0) AS deducted, coalesce("reversed", 0) AS "reversed",
  net, year_to_date
FROM (
  FROM total
  SELECT *, (sum(net) OVER (PARTITION BY household_place, year, category_number ORDER BY quarter))::BIGINT AS year_to_date
) JOIN household_place USING (household_place)
ORDER BY household_place, year, category_number;

CREATE VIEW standings AS SELECT * EXCLUDE (household_place) FROM standing ORDER BY household_place, scoring_year;

CREATE VIEW unposted AS
SELECT
  event_id, feed.household_id, item, feed.occurred_on, status, feed.decided_on, recorded_at, until, matter_id,
  TRY_CAST(feed.quantity AS INTEGER) AS quantity, member_id, decision_id, town_id, village_id, state
FROM event JOIN feed ON feed.rowid = event.source LEFT JOIN household_place ON household_place.household_place = event.household_place
WHERE state NOT IN ('posted', 'rejected')
ORDER BY town_id NULLS FIRST, village_id NULLS FIRST, feed.household_id NULLS FIRST, event_id NULLS FIRST,
  recorded_at NULLS FIRST;

CREATE VIEW rejects AS
SELECT
  event_id, feed.household_id, item, feed.occurred_on, status, feed.decided_on, recorded_at, until, matter_id,
  TRY_CAST(feed.quantity AS INTEGER) AS quantity, member_id, decision_id, town_id, village_id, reason
FROM event JOIN feed ON feed.rowid = event.source LEFT JOIN household_place ON household_place.household_place = event.household_place
WHERE state = 'rejected'
ORDER BY town_id NULLS FIRST, village_id NULLS FIRST, feed.household_id NULLS FIRST, event_id NULLS FIRST;
