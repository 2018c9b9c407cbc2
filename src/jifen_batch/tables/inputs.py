"""What goes into a run: events, the register, the villages (specification 2)."""

from __future__ import annotations

from jifen_batch.tables.column import DATE, INT, TEXT, TIME, Column, Table

EVENTS = Table(
    "events",
    (
        Column("event_id", TEXT, "identity of the event; the same row may come twice"),
        Column("household_id", TEXT, "whom it concerns; never changes for an event"),
        Column("item", TEXT, "an item code of the rule book"),
        Column("occurred_on", DATE, "when it happened; for a pledge, the day it begins"),
        Column("status", TEXT, "declared, assessed, approved, declined or withdrawn"),
        Column("decided_on", DATE, "day of the approval; null = occurred_on", nullable=True),
        Column("recorded_at", TIME, "when this revision was entered, Shanghai time", nullable=True),
        Column("until", DATE, "pledges: last day in force; null = 31 December", nullable=True),
        Column("matter_id", TEXT, "which matter; null = as the item's `matter` says", nullable=True),
        Column("quantity", INT, "how many times the item's points; null = 1", nullable=True),
        Column("member_id", TEXT, "which member: a serial number in the household", nullable=True),
        Column("decision_id", TEXT, "the meeting that approved it, carried along", nullable=True),
        Column(
            "evidence_id", TEXT, "reference to the proof at the source, carried along", nullable=True, since=2
        ),
    ),
)

# What many events may share: which member, matter, meeting and proof. Such ids come as codes and names where
# few names serve for many rows; names that only rejected rows have must not stay in what is published.
OFTEN_SHARED = ("member_id", "matter_id", "decision_id", "evidence_id")

HOUSEHOLDS = Table(
    "households",
    (
        Column("household_id", TEXT, "the household (户)"),
        Column("village_id", TEXT, "the village it is enrolled in during this spell"),
        Column("town_id", TEXT, "the town of that village"),
        Column("enrolled_on", DATE, "first day of the spell"),
        Column("left_on", DATE, "first day no longer enrolled; null = still enrolled", nullable=True),
        Column("village_name", TEXT, "the village's name", nullable=True),
        Column("town_name", TEXT, "the town's name", nullable=True),
        Column("kind", TEXT, "the kind of household; only ever asked by rules", nullable=True, since=2),
        Column("group_id", TEXT, "the group (村民小组) of the village", nullable=True, since=2),
    ),
    sort_keys=("town_id", "village_id", "household_id", "enrolled_on"),
)

VILLAGES = Table(
    "villages",
    (
        Column("village_id", TEXT, "the village"),
        Column("town_id", TEXT, "its town"),
        Column("village_name", TEXT, "the village's name", nullable=True),
        Column("town_name", TEXT, "the town's name", nullable=True),
        Column("households_total", INT, "all households that live there, enrolled or not", nullable=True),
    ),
    sort_keys=("town_id", "village_id"),
)

SUCCESSIONS = Table(
    "successions",
    (
        Column("old_household_id", TEXT, "the id that ends (户编号变更)"),
        Column("new_household_id", TEXT, "the id that takes its place"),
        Column("effective_on", DATE, "the day from which it counts"),
        Column("kind", TEXT, "renamed: the same household; merged: its wallet passes to the new one"),
    ),
    sort_keys=("old_household_id", "effective_on"),
)
RENAMED, MERGED = "renamed", "merged"
SUCCESSION_KINDS = (RENAMED, MERGED)

OBJECTIONS = Table(
    "objections",
    (
        Column("objection_id", TEXT, "identity of the objection (异议)"),
        Column("household_id", TEXT, "the household whose points it concerns"),
        Column("raised_on", DATE, "the day on which it was raised"),
        Column("status", TEXT, "open, upheld or dismissed"),
        Column("event_id", TEXT, "the event it concerns; null = the household as a whole", nullable=True),
    ),
    sort_keys=("household_id", "raised_on", "objection_id"),
)
OPEN = "open"
OBJECTION_STATUSES = (OPEN, "upheld", "dismissed")

# Another view of the register, for printed notices alone: whatever scores or publishes reads `HOUSEHOLDS`.
HOUSEHOLDERS = Table(
    "householders",
    (
        Column("household_id", TEXT, "the household (户)"),
        Column("enrolled_on", DATE, "first day of the spell"),
        Column("householder", TEXT, "the head's name", nullable=True),
    ),
)
