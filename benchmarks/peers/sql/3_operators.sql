-- From events to candidate lines (3.2) and enrolment (3.3.1). The posting order is one integer: day
-- posted, day accrued, and the rank of the event id, 16 + 16 + 31 bits.
CREATE TABLE line AS
WITH posted AS (
  SELECT
    event.*, items.pledge, items.per,
    row_number() OVER (ORDER BY event_id) AS event_rank
  FROM event JOIN items USING (rule) JOIN feed ON feed.rowid = event.source
  WHERE state = 'posted'
), accrued AS (
  SELECT
    source, event_rank, household, household_place, year, rule, about, member, decided_on, quantity,
    CASE per WHEN 'month' THEN last_day(occurred_on) ELSE occurred_on END AS accrued_on
  FROM posted
  WHERE NOT pledge
  UNION ALL
  SELECT
    source, event_rank, household, household_place, year, rule, about, member, decided_on, quantity,
    last_day(make_date(year, unnest(range(month(occurred_on), last_month + 1)), 1)) AS accrued_on
  FROM posted
  WHERE pledge
)
SELECT
  source, accrued.household, accrued.household_place, year, accrued.rule, about, member, quantity, accrued_on,
  greatest(accrued_on, decided_on) AS posted_on,
  month(accrued_on)::TINYINT AS month,
  ((greatest(accrued_on, decided_on) - DATE '2000-01-01') * 65536 + (accrued_on - DATE '2000-01-01'))
    * 2147483648 + event_rank AS posting,
  year(greatest(accrued_on, decided_on - getvariable('grace_days')::INTEGER)) * 4
    + quarter(greatest(accrued_on, decided_on - getvariable('grace_days')::INTEGER)) - 1 AS quarter,
  points * quantity AS gross,
  CASE WHEN home.returns THEN spell.household IS NOT NULL
    ELSE accrued_on >= home.enrolled_on AND accrued_on < home.left_on END AS enrolled
FROM accrued
JOIN points ON points.rule = accrued.rule AND accrued_on >= from_date AND accrued_on < to_date
JOIN household AS home USING (household)
LEFT JOIN spell ON home.returns AND spell.household = accrued.household
  AND accrued_on >= spell.enrolled_on AND accrued_on < spell.left_on
WHERE greatest(accrued_on, decided_on) <= getvariable('as_of');

-- Once per period (3.3.2): only where household, item and month or year repeat can there be a duplicate.
CREATE TABLE duplicate AS
WITH limited AS (
  SELECT
    line.rowid AS no, source, household, year, rule, posting, about, member, per,
    CASE per WHEN 'month' THEN month ELSE 0 END AS slot
  FROM line JOIN items USING (rule)
  WHERE enrolled AND per <> 'event'
), repeated AS (
  SELECT household, year, rule, slot FROM limited GROUP BY ALL HAVING count(*) > 1
)
SELECT
  no,
  first_value(source) OVER (
    PARTITION BY household, year, rule, slot, CASE per WHEN 'matter' THEN about END, member ORDER BY posting
  ) AS cause
FROM limited SEMI JOIN repeated USING (household, year, rule, slot)
QUALIFY row_number() OVER (
  PARTITION BY household, year, rule, slot, CASE per WHEN 'matter' THEN about END, member ORDER BY posting
) > 1;

-- Exclusive tier (3.3.3): across scoring years; the earliest of the highest is the cause.
CREATE TABLE tier AS
SELECT
  no, coalesce(highest, 0) AS highest, greatest(gross - coalesce(highest, 0), 0) AS points, reached_by
FROM (
  SELECT
    line.rowid AS no, gross,
    max(gross) OVER earlier AS highest,
    arg_min(source, (-gross, posting)) OVER earlier AS reached_by
  FROM line JOIN items USING (rule)
  WHERE enrolled AND exclusive IS NOT NULL AND line.rowid NOT IN (SELECT no FROM duplicate)
  WINDOW earlier AS (
    PARTITION BY household, exclusive, about ORDER BY posting
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  )
);

-- Matter cap (3.3.4): the running sum within household, item, year and matter is held.
CREATE TABLE matter_held AS
SELECT no, least(running, matter_cap) - least(running - points, matter_cap) AS points
FROM (
  SELECT
    line.rowid AS no, matter_cap, coalesce(tier.points, gross) AS points,
    sum(coalesce(tier.points, gross)) OVER (
      PARTITION BY household, year, rule, about ORDER BY posting ROWS UNBOUNDED PRECEDING
    )::BIGINT AS running
  FROM line JOIN items USING (rule) LEFT JOIN tier ON tier.no = line.rowid
  WHERE enrolled AND matter_cap IS NOT NULL AND line.rowid NOT IN (SELECT no FROM duplicate)
);

-- What operators 1 to 4 left of each line.
CREATE TABLE uncapped AS
SELECT
  line.rowid AS no, line.* EXCLUDE (member),
  CASE WHEN enrolled AND duplicate.no IS NULL THEN coalesce(matter_held.points, tier.points, gross) ELSE 0 END
    AS left_over,
  enrolled AND duplicate.no IS NULL AS plays,
  CASE
    WHEN NOT enrolled THEN 'not_enrolled'
    WHEN duplicate.no IS NOT NULL THEN 'duplicate'
    WHEN gross < 0 THEN 'deducted'
    WHEN gross = 0 THEN 'noted'
    WHEN matter_held.points < coalesce(tier.points, gross) THEN 'capped'
    WHEN tier.highest > 0 AND tier.points > 0 THEN 'topped_up'
    WHEN tier.highest > 0 THEN 'superseded'
    ELSE 'awarded'
  END AS disposition,
  coalesce(duplicate.cause, reached_by) AS cause,
  CASE WHEN plays THEN items.cap_number END AS cap_number, items.cap_points, items.cap_net
FROM line
JOIN items USING (rule)
LEFT JOIN duplicate ON duplicate.no = line.rowid
LEFT JOIN tier ON tier.no = line.rowid
LEFT JOIN matter_held ON matter_held.no = line.rowid;

-- Year cap (3.3.5): awards alone are held at the cap by their running sum; with basis net a deduction makes
-- room again, and the highest overflow so far needs a second window, over those rows only.
CREATE TABLE brought AS
WITH summed AS (
  SELECT
    *,
    sum(left_over) OVER (
      PARTITION BY household, year, cap_number ORDER BY posting ROWS UNBOUNDED PRECEDING
    )::BIGINT AS running
  FROM uncapped
  WHERE cap_number IS NOT NULL
), net AS (
  SELECT
    *,
    running - greatest(0, max(running - cap_points) OVER so_far) AS used,
    running - left_over - greatest(0, coalesce(max(running - cap_points) OVER earlier, 0)) AS used_before
  FROM summed
  WHERE cap_net
  WINDOW
    so_far AS (PARTITION BY household, year, cap_number ORDER BY posting ROWS UNBOUNDED PRECEDING),
    earlier AS (
      PARTITION BY household, year, cap_number ORDER BY posting
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
), held AS (
  SELECT
    *, least(running, cap_points) AS used, least(running - left_over, cap_points) AS used_before
  FROM summed
  WHERE NOT cap_net
  UNION ALL
  FROM net
)
SELECT
  * EXCLUDE (running, used_before, disposition, cap_number, cap_points, cap_net),
  used - used_before AS points,
  CASE WHEN used - used_before < left_over AND gross > 0 THEN 'capped' ELSE disposition END AS disposition
FROM held
UNION ALL BY NAME
SELECT * EXCLUDE (cap_number, cap_points, cap_net), NULL AS used, left_over AS points
FROM uncapped
WHERE cap_number IS NULL;

-- Forfeiture (3.3.6): the earliest trigger that reaches a line, within year, month or matter.
CREATE TABLE hit AS
WITH incident AS (
  SELECT household, year, month, about, posting, forfeited, scope
  FROM brought JOIN forfeits ON "trigger" = rule
  WHERE plays
), reached AS (
  SELECT victim.no, min(incident.posting) AS posting
  FROM brought AS victim
  JOIN incident ON incident.household = victim.household AND incident.year = victim.year
    AND incident.forfeited = victim.rule
  WHERE victim.plays AND victim.gross > 0 AND CASE scope
    WHEN 'month' THEN incident.month = victim.month
    WHEN 'matter' THEN incident.about = victim.about
    ELSE true END
  GROUP BY victim.no
)
SELECT reached.no, cause.posted_on, cause.quarter, cause.source AS cause, cause.posting
FROM reached JOIN (FROM brought SEMI JOIN incident USING (posting)) AS cause USING (posting);

-- All lines: what was posted from the incident's day on is forfeited, the earlier is taken back on it.
CREATE TABLE posted AS
WITH settled AS (
  SELECT brought.*, hit.posted_on <= brought.posted_on AS late, hit.cause AS trigger_source,
    hit.posted_on AS incident_on, hit.quarter AS incident_quarter
  FROM brought LEFT JOIN hit USING (no)
)
SELECT
  source, household_place, household, year, rule, quantity, accrued_on, posted_on, posting, quarter, gross,
  CASE WHEN late THEN 0 ELSE points END AS points,
  CASE WHEN NOT coalesce(late, false) THEN used END AS cap_used,
  CASE WHEN late THEN 'forfeited' ELSE disposition END AS disposition,
  CASE
    WHEN late THEN trigger_source
    WHEN disposition IN ('duplicate', 'topped_up', 'superseded') THEN cause
  END AS cause
FROM settled
UNION ALL
SELECT
  source, household_place, household, year, rule, quantity, accrued_on, incident_on,
  (incident_on - DATE '2000-01-01') * (65536::BIGINT * 2147483648) + posting % (65536::BIGINT * 2147483648),
  greatest(quarter, incident_quarter), -points, -points, NULL, 'reversed', trigger_source
FROM settled
WHERE NOT late AND points <> 0;
