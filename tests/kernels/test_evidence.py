"""The reference to the proof (`evidence_id`): carried along, part of a row, never a person's number."""

from datetime import date, datetime

import polars as pl
import pytest

import pencil

WATCH = pencil.rules({"code": "watch"})
DAY = date(2023, 3, 1)


def row(event_id, evidence, **more):
    return {"event_id": event_id, "item": "watch", "occurred_on": DAY, "evidence_id": evidence} | more


def scored(*rows):
    return pencil.scored(WATCH, pencil.events(*rows))


def test_it_is_carried_to_the_ledger_as_given_and_stays_null_where_none_is():
    lines = scored(row("a", "IMG_0001"), row("b", None), row("c", "照片 3")).ledger
    assert lines.columns[-1] == "evidence_id"
    assert lines.select(pl.col("event_id", "evidence_id").cast(pl.String)).rows() == [
        ("a", "IMG_0001"),
        ("b", None),
        ("c", "照片 3"),
    ]


def test_rows_that_differ_in_it_alone_are_two_revisions():
    early, late = datetime(2023, 3, 2), datetime(2023, 3, 3)  # noqa: DTZ001 - local time throughout
    told = scored(row("a", "one", recorded_at=early), row("a", "two", recorded_at=late))
    assert told.ledger["evidence_id"].to_list() == ["two"]
    assert told.unposted.select("evidence_id", "state").rows() == [("one", "superseded")]
    torn = scored(row("a", "one"), row("a", "two"))
    assert torn.rejects["reason"].to_list() == ["conflicting_revision"] * 2
    assert sorted(torn.rejects["evidence_id"]) == ["one", "two"]
    assert scored(row("a", "one"), row("a", "one")).ledger.height == 1


@pytest.mark.parametrize(
    "evidence", ["13800138000", "tel13800138000", "\u0661" * 11, "1234567\uff18\uff19\u0660\u0661"]
)
@pytest.mark.parametrize("coded", [False, True], ids=["texts", "codes"])
def test_eleven_digits_in_a_row_are_a_persons_number_of_any_script(evidence, coded):
    rows = pencil.events(row("a", evidence), row("b", "1234567890/1"))
    if coded:
        rows = rows.with_columns(pl.col("evidence_id").cast(pl.Categorical))
    told = pencil.scored(WATCH, rows)
    assert told.ledger["event_id"].to_list() == ["b"]
    (reject,) = told.rejects.to_dicts()
    assert (reject["reason"], evidence in reject["detail"]) == ("personal_number", False)
    assert reject["detail"] == (
        "evidence_id 含有 11 位以上连续数字，疑为电话或证件号；请改填材料在来源系统里的编号，不含电话、证件号"
    )


def test_each_column_that_holds_such_a_number_is_named():
    told = scored(
        row("a", "13800138000", member_id="310113199001011234"), row("b", None, member_id="13800138000")
    )
    both, one = (reject["detail"] for reject in told.rejects.sort("event_id").to_dicts())
    assert both.startswith("member_id 含有")
    assert "；evidence_id 含有" in both
    assert "evidence_id" not in one
