-- From rows to events (3.1): which rows are visible, which repeat, which revision stands.
CREATE TABLE feed AS
SELECT
  event_id, household_id, item, occurred_on, status, decided_on, recorded_at, until, matter_id, quantity,
  member_id, decision_id
FROM read_parquet(getvariable('events'), hive_partitioning = false)
WHERE recorded_at IS NULL OR recorded_at::DATE <= getvariable('as_of');

-- Only ids that stand twice can be copies or revisions of anything; grouping by a 64-bit hash instead of
-- the text is cheaper (`make bench-duckdb`), and a collision is only looked at in vain.
CREATE TABLE crowded AS
SELECT rowid AS source, feed.*
FROM feed
WHERE event_id IS NOT NULL AND hash(event_id) IN (
  SELECT hash(event_id) FROM feed WHERE event_id IS NOT NULL GROUP BY ALL HAVING count(*) > 1
);

CREATE TABLE different AS
SELECT * FROM crowded
QUALIFY row_number() OVER (
  PARTITION BY event_id, household_id, item, occurred_on, status, decided_on, recorded_at, until,
    matter_id, quantity, member_id, decision_id
) = 1;

CREATE TABLE row_resolution AS
SELECT source, 'collapsed' AS row_resolution FROM crowded ANTI JOIN different USING (source)
UNION ALL
SELECT
  source,
  CASE
    WHEN min(household_id) OVER event <> max(household_id) OVER event THEN 'conflicting_household'
    WHEN count(*) FILTER (latest) OVER event > 1 THEN 'conflicting_revision'
    WHEN NOT latest THEN 'superseded'
  END AS row_resolution
FROM (
  SELECT
    source, event_id, household_id,
    coalesce(recorded_at, TIMESTAMP '-infinity')
      = max(coalesce(recorded_at, TIMESTAMP '-infinity')) OVER (PARTITION BY event_id) AS latest
  FROM different
)
WINDOW event AS (PARTITION BY event_id)
QUALIFY row_resolution IS NOT NULL;

-- Where a household stands in each year that anything asks for (2.2, Place): the movers' by the book.
CREATE TABLE years AS
SELECT DISTINCT year(occurred_on)::INTEGER AS year FROM feed WHERE occurred_on IS NOT NULL
UNION
SELECT unnest(range(2000, 2100))::INTEGER;

CREATE TABLE mover AS
SELECT household, year, household_place
FROM spell SEMI JOIN (FROM household WHERE moves) USING (household) CROSS JOIN years
QUALIFY row_number() OVER (
  PARTITION BY household, year
  ORDER BY
    CASE
      WHEN enrolled_on <= make_date(year, 12, 31) AND left_on > make_date(year, 1, 1) THEN 0
      WHEN enrolled_on < make_date(year, 1, 1) THEN 1
      ELSE 2
    END,
    CASE
      WHEN left_on <= make_date(year, 1, 1) THEN DATE '2000-01-01' - enrolled_on
      ELSE enrolled_on - DATE '2000-01-01'
    END
) = 1;

-- The book of each village and year: the village's before its town's before the base (2.3, Layers).
CREATE TABLE book_of AS
SELECT village, year, coalesce(own.book, town.book, base.book)::INTEGER AS book
FROM village CROSS JOIN (SELECT unnest(range(2000, 2100))::INTEGER AS year)
LEFT JOIN (FROM scopes WHERE level = 2) own ON own.place_id = village_id AND own.scoring_year = year
LEFT JOIN (FROM scopes WHERE level = 1) town ON town.place_id = town_id AND town.scoring_year = year
LEFT JOIN (FROM scopes WHERE level = 0) base ON base.scoring_year = year
WHERE coalesce(own.book, town.book, base.book) IS NOT NULL;

-- What stands, and why it cannot be scored: the first failure, in the specification's order (3.1.3).
CREATE TABLE event AS
WITH placed AS (
  SELECT
    feed.rowid AS source, feed.*, row_resolution,
    home.household, coalesce(mover.household_place, CASE WHEN occurred_on IS NOT NULL THEN home.household_place END) AS household_place
  FROM feed
  LEFT JOIN household AS home USING (household_id)
  LEFT JOIN mover ON home.moves AND mover.household = home.household AND mover.year = year(occurred_on)
  LEFT JOIN row_resolution ON row_resolution.source = feed.rowid
  WHERE row_resolution IS DISTINCT FROM 'collapsed'
)
SELECT
  source, placed.household, placed.household_place, household_place.village, year(occurred_on)::SMALLINT AS year, occurred_on,
  coalesce(decided_on, occurred_on) AS decided_on, TRY_CAST(coalesce(quantity, 1) AS INTEGER) AS quantity, items.rule,
  CASE WHEN items.matters THEN coalesce('=' || matter_id, CASE items.matter
    WHEN 'day' THEN 'd' || occurred_on WHEN 'year' THEN 'y' || year(occurred_on) ELSE 'e' || source
  END) END AS about,
  CASE WHEN items.by_member THEN member_id END AS member,
  CASE
    WHEN row_resolution LIKE 'conflicting%' THEN row_resolution
    WHEN row_resolution = 'superseded' THEN NULL
    WHEN event_id IS NULL OR household_id IS NULL OR item IS NULL OR occurred_on IS NULL OR status IS NULL
      THEN 'missing_field'
    WHEN NOT (occurred_on BETWEEN '2000-01-01' AND '2099-12-31'
      AND coalesce(decided_on, '2000-01-01') BETWEEN '2000-01-01' AND '2099-12-31'
      AND coalesce(until, '2000-01-01') BETWEEN '2000-01-01' AND '2099-12-31') THEN 'bad_date'
    WHEN status NOT IN ('declared', 'assessed', 'approved', 'declined', 'withdrawn') THEN 'unknown_status'
    WHEN placed.household IS NULL THEN 'unknown_household'
    WHEN book_of.book IS NULL THEN 'no_rule_book'
    WHEN items.rule IS NULL THEN 'unknown_item'
    WHEN quantity NOT BETWEEN 1 AND 1000 OR (items.single AND quantity <> 1) THEN 'bad_quantity'
    WHEN until IS NOT NULL AND NOT items.pledge THEN 'unexpected_until'
    WHEN until < occurred_on THEN 'until_before_start'
    WHEN items.matter = 'required' AND matter_id IS NULL THEN 'missing_matter'
    WHEN strlen(member_id) >= 11 AND regexp_matches(member_id, '\p{Nd}{11}') THEN 'personal_number'
  END AS reason,
  CASE
    WHEN NOT items.pledge THEN month(occurred_on)
    WHEN until IS NULL OR year(until) > year(occurred_on) THEN 12
    ELSE month(until) - CASE WHEN until = last_day(until) THEN 0 ELSE 1 END
  END::TINYINT AS last_month,
  CASE
    WHEN reason IS NOT NULL THEN 'rejected'
    WHEN row_resolution = 'superseded' THEN row_resolution
    WHEN status <> 'approved' THEN status
    WHEN items.pledge AND last_month < month(occurred_on) THEN 'no_month_end'
    WHEN greatest(
      placed.decided_on, CASE WHEN items.per = 'month' THEN last_day(occurred_on) ELSE occurred_on END
    ) > getvariable('as_of') THEN 'not_yet_posted'
    ELSE 'posted'
  END AS state
FROM placed
LEFT JOIN (SELECT household_place, village FROM household_place) AS household_place USING (household_place)
LEFT JOIN book_of ON book_of.village = household_place.village AND book_of.year = year(occurred_on)
LEFT JOIN items ON items.book = book_of.book AND items.code = item;
