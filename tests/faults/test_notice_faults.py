"""Faults put into corrections, notices, masks and wallets on purpose: a pencil case must notice each.

A fault is the place of a function, and what becomes of forms there (`faults.syntax`). All of it happens in
this process, for a fault costs a few hundredths of a second so.
"""

from __future__ import annotations

import pytest

from faults.planted import noticed_by

# The pencil cases of what a place's module does, by the module's word.
CASES = {
    "notice_rows": ["kernels.test_adjust"],
    "corrections": ["kernels.test_correct"],
    "correction_causes": ["kernels.test_behind"],
    "notice_figures": ["kernels.test_noticed"],
    "point_lots": ["wallet.test_pencil"],
    "wallet": ["wallet.test_pencil"],
    "wallet_ledger": ["wallet.test_pencil"],
    "masking": ["printed.test_masking"],
    "workbook": ["printed.test_workbook"],
    "pages": ["printed.test_pages"],
    "board": ["printed.test_pages"],
    "corrected": ["printed.test_pages"],
    "disclosure": ["kernels.test_disclosure"],
}

FAULTS = {
    # What a correction notice says.
    "the laxer word of two books holds": (
        "notice_rows.naming",
        ("A.replace_strict(OPENNESS, **B).max()", "A.replace_strict(OPENNESS, **B).min()"),
    ),
    "the earlier name of an item": (
        "notice_rows.naming",
        ('pl.col("name", "clause").last()', 'pl.col("name", "clause").first()'),
    ),
    "an item of which only the category may be said is named": (
        "notice_rows.naming",
        ('A == OPENNESS["item"]', 'A != OPENNESS["hidden"]'),
    ),
    "an item of which the category may be said is hidden": (
        "notice_rows.naming",
        ('A == OPENNESS["hidden"]', 'A != OPENNESS["item"]'),
    ),
    "an item that no book knows is named": (
        "notice_rows.adjustments",
        ('pl.col("open").fill_null(value=False)', 'pl.col("open").fill_null(value=True)'),
    ),
    "events of items that may not be named": (
        "notice_rows.adjustments",
        ('pl.col(*ITEM, "event_id")', "pl.col(*ITEM)"),
    ),
    "the rule of items that may not be named": (
        "notice_rows.adjustments",
        ('("item", "name", "clause", "rule")', '("item", "name", "clause")'),
        (
            'A.group_by(*ACCOUNT, "cause", "what", *ITEM)',
            'A.group_by(*ACCOUNT, "cause", "what", *ITEM, "rule")',
        ),
        (
            'A.select(*ACCOUNT, *B, "cause", "what", *ITEM, "events", "because", "points")',
            'A.select(*ACCOUNT, *B, "cause", "what", *ITEM, "rule", "events", "because", "points")',
        ),
    ),
    "the event behind named though its item may not be": (
        "notice_rows.adjustments",
        ('A & pl.col("because_open").fill_null(value=False)', "A"),
    ),
    "the event behind named though the line's item may not be": (
        "notice_rows.adjustments",
        (
            'A & pl.col("because_open").fill_null(value=False)',
            'pl.col("because_open").fill_null(value=False)',
        ),
    ),
    "causes that move no point": (
        "notice_rows.adjustments",
        ('A.filter(pl.col("points") != 0)', "A"),
    ),
    "what hung of other households": (
        "notice_rows.adjustments",
        ('A.join(B, on=ACCOUNT, how="semi")', 'A.join(B, on=ACCOUNT[:2], how="semi")'),
        (
            'A.group_by(ACCOUNT).agg(announced=pl.col("points").sum())',
            'A.group_by(ACCOUNT[:2]).agg(announced=pl.col("points").sum())',
        ),
        ('A.join(B, on=ACCOUNT, how="left", validate="1:1")', 'A.join(B, on=ACCOUNT[:2], how="left")'),
    ),
    "now is what was announced less the difference": (
        "notice_rows.adjustments",
        ('pl.col("announced") + pl.col("difference")', 'pl.col("announced") - pl.col("difference")'),
    ),
    # What a quarter comes to.
    "lines that differ in a null taken for one": (
        "corrections.left_over",
        ("A.hash_rows(seed=1)", 'A.drop("matter_id").hash_rows(seed=1)'),
        ("A.hash_rows(seed=2)", 'A.drop("matter_id").hash_rows(seed=2)'),
    ),
    "a line that is left twice stands once": (
        "corrections.left_over",
        ('pl.col("change").abs()', "pl.lit(1)"),
    ),
    "what was taken down is left as put up": (
        "corrections.left_over",
        ('pl.col("change").sign()', 'pl.col("change").sign().abs()'),
    ),
    "more taken down than hung": (
        "corrections.standing",
        ('(A["change"] < 0).any()', '(A["change"] < 0).all()'),
    ),
    "a reversal announced as a deduction": (
        "corrections.announcement",
        ("(A < 0) & ~B", "A < 0"),
    ),
    "an award that counts what was lost": (
        "corrections.announcement",
        ("A.clip(lower_bound=0)", "A"),
    ),
    "a correction that only adds": (
        "corrections.announcement",
        ('A * pl.col("change")', "A"),
    ),
    "a year to date where nothing is left": (
        "corrections.announcement",
        ('pl.col("year_to_date").fill_null(0)', 'pl.col("year_to_date").fill_null(1)'),
    ),
    "a net without the adjustment": (
        "corrections.announcement",
        ("pl.sum_horizontal(PARTS)", "pl.sum_horizontal(SUMS)"),
    ),
    "accounts of all years in one": (
        "corrections.nets",
        (
            "A.group_by(ACCOUNT).agg(**B)",
            'A.group_by(*ACCOUNT[:3], "category").agg(pl.col("scoring_year").first(), **B)',
        ),
    ),
    "a sum that is held to the announcement alone": (
        "corrections.broken_invariants",
        ('pl.concat([A.select(*ACCOUNT, "net"), B.select(*ACCOUNT, "net")])', 'B.select(*ACCOUNT, "net")'),
    ),
    "a sum that may be above": (
        "corrections.broken_invariants",
        ('A["net"] == 0', 'A["net"] >= 0'),
    ),
    "a year to date that may be above": (
        "corrections.broken_invariants",
        ('A["net"] == A["year_to_date"]', 'A["net"] >= A["year_to_date"]'),
    ),
    # What is behind corrections.
    "own lines of the quarter taken for corrections": (
        "correction_causes.corrections",
        ('A.filter(pl.col("quarter") <= B)', "A"),
    ),
    "corrections of the last quarter forgotten": (
        "correction_causes.corrections",
        ('pl.col("quarter") <= A', 'pl.col("quarter") < A'),
    ),
    "events put up taken for events taken down": (
        "correction_causes.removed_events",
        ('pl.col("change") == REMOVED', 'pl.col("change") == ADDED'),
    ),
    "a cause said twice": (
        "correction_causes.reasons",
        ("A.unique()", "A"),
    ),
    "causes in the order of their rows": (
        "correction_causes.reasons",
        ("A.unique().sort()", "A.unique(maintain_order=True)"),
    ),
    # What a printed notice says.
    "a hidden item counts in its category": (
        "notice_figures.by_category",
        ('_with_words(A, B).filter(~pl.col("hidden"))', "_with_words(A, B)"),
    ),
    "an item that no book knows is not hidden": (
        "notice_figures.by_category",
        ('pl.col("hidden").fill_null(value=True)', 'pl.col("hidden").fill_null(value=False)'),
    ),
    "an item named that may not be": (
        "notice_figures.by_category",
        ('A.with_columns(pl.when("open").then("name"))', "A"),
    ),
    "an item of another book's name": (
        "notice_figures.by_category",
        ("A.select(*BY_RULE, *B)", 'A.select("item", *B)'),
        ("A.join(B, on=BY_RULE, **C)", 'A.join(B, on="item", **C)'),
    ),
    "the reason of a hidden correction": (
        "notice_figures.why",
        ('pl.col("category", "reason")', 'pl.col("category")'),
    ),
    "the category of a hidden correction": (
        "notice_figures.why",
        ('pl.col("category", "reason")', 'pl.col("reason")'),
    ),
    "a correction taken down told as put up": (
        "notice_figures.why",
        ('pl.col("points") * pl.col("change")', 'pl.col("points")'),
    ),
    "reasons that cancel out": (
        "notice_figures.why",
        ('A.filter(pl.col("points") != 0)', "A"),
    ),
    "lines that brought nothing are told": (
        "notice_figures.by_item",
        ('A.filter(pl.col("points") != 0).group_by(*B)', "A.group_by(*B)"),
    ),
    "those who left listed with those who are ranked": (
        "notice_figures.board",
        ('(pl.col("scoring_year") == A) & pl.col("rank").is_not_null()', 'pl.col("scoring_year") == A'),
    ),
    "the ranked of every year": (
        "notice_figures.board",
        ('(pl.col("scoring_year") == A) & pl.col("rank").is_not_null()', 'pl.col("rank").is_not_null()'),
    ),
    "who has no rank comes first": (
        "notice_figures.board",
        ("[False, False, False, True, False]", "[False] * 5"),
    ),
    "the earliest year first": (
        "notice_figures.board",
        ("[False, False, True, False, False]", "[False] * 5"),
    ),
    "what is now without what was announced": (
        "notice_figures.corrected",
        ('pl.col("announced") + pl.col("difference")', 'pl.col("difference")'),
    ),
    "announced of one category": (
        "notice_figures.corrected",
        ('pl.col("net").sum()', 'pl.col("net").first()'),
    ),
    # Masks.
    "a star for each character": (
        "masking.mask",
        (
            '"".join(A[: COMPOUND if B else 1]) + STAR',
            '"".join(A[: COMPOUND if B else 1]) + STAR * (len(A) - 1)',
        ),
    ),
    "a name of one character shown": (
        "masking.mask",
        ("len(A) == 1 or not _is_letter(A[0])", "not _is_letter(A[0])"),
    ),
    "a digit taken for a surname": (
        "masking.mask",
        ("A.isalpha()", "A.isalnum()"),
    ),
    "a compound surname alone shown whole": (
        "masking.mask",
        ("len(A) > COMPOUND", "len(A) >= COMPOUND"),
    ),
    "a compound surname before a dot": (
        "masking.mask",
        ("len(A) > COMPOUND and all(map(is_han, A)) and B", "len(A) > COMPOUND and B"),
    ),
    "zero-width signs count as characters": (
        "masking.mask",
        ('unicodedata.category(A)[0] not in "CMZ"', 'unicodedata.category(A)[0] not in "MZ"'),
    ),
    "marks count as characters": (
        "masking.mask",
        ('unicodedata.category(A)[0] not in "CMZ"', 'unicodedata.category(A)[0] not in "CZ"'),
    ),
    "blanks count as characters": (
        "masking.mask",
        ('unicodedata.category(A)[0] not in "CMZ"', 'unicodedata.category(A)[0] not in "CM"'),
    ),
    "fillers count as characters": (
        "masking.mask",
        (
            'unicodedata.category(A)[0] not in "CMZ" and A not in FILLERS',
            'unicodedata.category(A)[0] not in "CMZ"',
        ),
    ),
    "rare characters taken for nothing": (
        "masking._counts",
        ("is_han(A) or B", "B"),
    ),
    "letters and their marks left apart": (
        "masking.mask",
        ('unicodedata.normalize("NFC", A)', "A"),
    ),
    "equal masks left equal": (
        "masking.masks",
        ("A[B] > 1", "A[B] > 2"),
    ),
    "masks numbered in the order of the rows": (
        "masking.masks",
        ("sorted(A)", "A"),
    ),
    # Pages.
    "households that earned of all that are ranked in any year": (
        "pages.Papers",
        ('(pl.col("scoring_year") == A) & pl.col("rank").is_not_null()', 'pl.col("rank").is_not_null()'),
    ),
    "households that earned of all that have a row": (
        "pages.Papers",
        ('A.join(B, on="household_id", how="semi")', "B"),
    ),
    "households that got nothing earned": (
        "pages.Papers",
        ('pl.col("awarded") > 0', 'pl.col("awarded") >= 0'),
    ),
    "a share of 0 households": (
        "pages.Papers",
        (
            'f"（{A * 100 // B.height}%）" if B.height else ""',
            'f"（{A * 100 // B.height}%）" if True else ""',
        ),
    ),
    "a list of every year in each": (
        "pages.Papers",
        ('A.filter(pl.col("scoring_year") == B)', "A"),
    ),
    "one rank too many": (
        "pages.Papers",
        ('pl.col("rank") <= A', 'pl.col("rank") <= A + 1'),
    ),
    "items of a category that is not told apart": (
        "pages.Papers",
        ("A.together | A.unlisted", "A.together"),
    ),
    "a draft without its mark": (
        "pages.mark",
        ('f"（{DRAFT}）" if A else ""', 'f"（{DRAFT}）" if not A else ""'),
    ),
    "corrections left out": (
        "pages.Papers",
        ("A.corrected.height", "A.corrected.height > 2"),
    ),
    "a word on names where there are none": (
        "pages.Papers",
        ("[NAMES] if A.masks else []", "[NAMES]"),
    ),
    "names although ids were wanted": (
        "pages.Papers",
        ("A if B == MASKED else {}", "A"),
    ),
    # Lists.
    "a category of no line is 0": (
        "board.year_list",
        ("A.get((*B, C))", "A.get((*B, C), 0)"),
    ),
    "a category of another year": (
        "board.year_list",
        ('(A["household_id"], A["scoring_year"])', '(A["household_id"], 2023)'),
    ),
    "what is bundled told apart": (
        "board.shares",
        ("~A.is_in(B)", "A.is_not_null()"),
    ),
    "hidden points bundled with nothing": (
        "board.shares",
        ("pl.sum_horizontal(SUMS)", 'pl.col("awarded")'),
    ),
    "parts told although they give something away": (
        "board.year_list",
        ("not A", "False"),
    ),
    "a rank that fell rose": (
        "board.year_list",
        ("A < B", "A > B"),
    ),
    "ranks added up": (
        "board.added_up",
        ("A in B", "False"),
    ),
    # Corrections.
    "hidden corrections told": (
        "corrected.phrases",
        ('A["category"] and B', "B"),
    ),
    "corrections of bundled categories told": (
        "corrected.phrases",
        ('A["category"] is None or B', 'A["category"] is None'),
    ),
    # What is bundled.
    "a hidden item alone in its category": (
        "disclosure.disclosure",
        ("_alone(A, B) or C < ENOUGH", "_alone(A, B)"),
    ),
    "a figure that one item moves": (
        "disclosure.disclosure",
        ("_alone(A, B) or C < ENOUGH", "C < ENOUGH"),
    ),
    "a deduction covered by a gain": (
        "disclosure.disclosure",
        ('pl.col("points") > 0', 'pl.col("points") > -1000'),
    ),
    "a book of somewhere else": (
        "disclosure.disclosure",
        ('pl.col("id").is_in(A)', 'pl.col("id").is_not_null()'),
    ),
    "what a trigger takes back": (
        "disclosure.disclosure",
        ("pl.concat([A, B])", "A"),
    ),
    # Cells.
    "full-width signs left": (
        "workbook.safe",
        ('unicodedata.normalize("NFKC", A.lstrip(" ")[:1])', 'A.lstrip(" ")[:1]'),
    ),
    "blanks before a sign": (
        "workbook.safe",
        ('A.lstrip(" ")', "A"),
    ),
    "the library's own markup": (
        "workbook.safe",
        ("A and A[0] in FORMULA_SIGNS or B.startswith(RICH_TEXT)", "A and A[0] in FORMULA_SIGNS"),
    ),
    "texts that are not printable": (
        "workbook.safe",
        ("printable(A)", "A"),
    ),
    "texts taken for formulas": (
        "workbook.safe",
        ("A and A[0] in FORMULA_SIGNS", "False and (A and A[0] in FORMULA_SIGNS)"),
    ),
    "numbers written as text": (
        "workbook.workbook",
        ("abs(A) < MAX_EXACT", "0 <= A < MAX_EXACT"),
    ),
    "a day of making that is today": (
        "workbook.workbook",
        ("A.set_properties(B)", ""),
    ),
    # Wallets.
    "points lapse a day early": (
        "point_lots.run_through",
        ("(DEDUCTED, ANNOUNCED, SPENT, CLOSED, LAPSED)", "(LAPSED, DEDUCTED, ANNOUNCED, SPENT, CLOSED)"),
    ),
    "spending before what was just announced": (
        "point_lots.run_through",
        ("(DEDUCTED, ANNOUNCED, SPENT, CLOSED, LAPSED)", "(DEDUCTED, SPENT, ANNOUNCED, CLOSED, LAPSED)"),
    ),
    "points lapse in the scoring year itself": (
        "point_lots.valid_until",
        ('pl.col("scoring_year") + 1', 'pl.col("scoring_year")'),
    ),
    "late points lapse before they can be spent": (
        "point_lots.valid_until",
        ('pl.when(pl.col("day") > A).then(B)', 'pl.when(pl.col("day") > B).then(B)'),
    ),
    "late by the day on which they lapse": (
        "point_lots.valid_until",
        ('pl.col("day") > A', 'pl.col("day") >= A'),
    ),
    "points without an expiry lapse": (
        "point_lots.valid_until",
        ("A.fill_null(NEVER)", "A.fill_null(BEFORE_ALL)"),
    ),
    "what was taken from one year taken from another": (
        "point_lots._with_losses",
        ('[A["household"], A["scoring_year"]]', '[A["household"]]'),
    ),
    "a loss of one point forgotten": (
        "point_lots.settle",
        ('A.least(B["points"], C) < 0', 'A.least(B["points"], C) < -1'),
    ),
    "a lot of one point forgotten": (
        "point_lots.settle",
        ('(A.filter(pl.col("points") > 0), B)', '(A.filter(pl.col("points") > 1), B)'),
    ),
    "one point owed forgotten": (
        "wallet.wallets",
        ('A["owed_for_spending"] > 0', 'A["owed_for_spending"] > 1'),
    ),
    "a law of wallets that nobody breaks": (
        "wallet.broken_invariants",
        ('A > pl.col("spent")', 'A < pl.col("spent")'),
    ),
    "deductions forgotten": (
        "point_lots.run_through",
        ("(A for B, C in D.items())", '(A for B, C in D.items() if B != "deducted")'),
    ),
    "spending not held against what lapses": (
        "point_lots.run_through",
        ('A - B["spent"]', "A"),
    ),
    "idle points that lapsed through spending": (
        "point_lots.run_through",
        ('pl.col("lapsed_idle")', 'pl.col("lapsed")'),
    ),
    "what came first to be owed is made good first": (
        "wallet.owed_since",
        (
            'pl.col("owed_for_spending").reverse().cum_min().reverse()',
            'pl.col("owed_for_spending").cum_min()',
        ),
    ),
    "what is owed in all told of every day": (
        "wallet.owed_since",
        ('pl.col("still") - A', 'pl.col("still")'),
    ),
    "taken back and uncovered in one": (
        "wallet.wallets",
        ('A(taken_back=pl.col("points").filter(B).sum(), **C)', 'A(taken_back=pl.col("points").sum(), **C)'),
    ),
    "deductions owed for spending": (
        "wallet.owed_for_spending",
        ('A - (-pl.col("idle")).clip(lower_bound=0)', "A"),
    ),
    "points owed are available": (
        "wallet.wallets",
        ('pl.col("position").clip(lower_bound=0)', 'pl.col("position").abs()'),
    ),
    "spending after the next announcement known before": (
        "wallet.wallets",
        ('pl.col("day") < A[B]', 'pl.col("day") <= A[B]'),
    ),
    "announcements known before they hang": (
        "wallet.wallets",
        ('pl.col("announced") < A', 'pl.col("announced") <= A'),
    ),
    "what is returned was spent": (
        "wallet_ledger.accounts",
        ('A.filter(pl.col("status") == DONE)', "A"),
    ),
    "redeemed after the as-of date": (
        "wallet_ledger.accounts",
        ('A.filter(pl.col("redeemed_on") <= B)', "A"),
    ),
    "redeemed on the as-of date forgotten": (
        "wallet_ledger.accounts",
        ('pl.col("redeemed_on") <= A', 'pl.col("redeemed_on") < A'),
    ),
    "announced on the as-of date forgotten": (
        "wallet_ledger.accounts",
        ('pl.col("day") <= A', 'pl.col("day") < A'),
    ),
    "a quarter counts before the one before it": (
        "wallet_ledger.accounts",
        ('pl.col("as_of").cum_max()', 'pl.col("as_of")'),
    ),
}


# The case that notices a fault which many cases before it do not; it is tried first, and only the time
# depends on it.
LIKELY = {
    "a share of 0 households": "test_coverage_and_sums_stand_above_with_what_they_are_of",
    "one rank too many": "test_the_first_ranks_only_or_ids_only_where_the_settings_want_it",
    "items of a category that is not told apart": (
        "test_the_booklet_says_what_points_were_for_a_row_an_item_and_adds_up"
    ),
    "a word on names where there are none": "test_below_stand_what_is_bundled_the_books_and_the_source",
    "names although ids were wanted": "test_the_first_ranks_only_or_ids_only_where_the_settings_want_it",
    "corrections of bundled categories told": (
        "test_a_correction_of_a_bundled_category_names_no_item_and_no_reason"
    ),
    "what a trigger takes back": "test_what_a_hidden_trigger_takes_back_is_covered_where_it_is_felt",
    "points lapse a day early": "test_points_are_valid_up_to_and_with_their_last_day",
    "spending before what was just announced": (
        "test_on_the_day_of_an_announcement_it_takes_back_before_anybody_spends"
    ),
    "points lapse in the scoring year itself": "test_points_are_valid_up_to_and_with_their_last_day",
    "late points lapse before they can be spent": (
        "test_points_announced_after_their_year_has_lapsed_can_be_spent_as_those_of_that_year"
    ),
    "late by the day on which they lapse": ("test_points_announced_on_their_last_day_are_of_their_own_year"),
    "what was taken from one year taken from another": (
        "test_what_a_year_loses_is_not_taken_from_another_that_lost_too"
    ),
    "a loss of one point forgotten": "test_a_single_point_counts",
    "a lot of one point forgotten": "test_a_single_point_counts",
    "one point owed forgotten": "test_a_single_point_counts",
    "deductions forgotten": "test_deductions_beyond_all_points_are_no_spending",
    "spending not held against what lapses": "test_points_are_valid_up_to_and_with_their_last_day",
    "idle points that lapsed through spending": (
        "test_a_deduction_after_a_lapse_is_not_owed_for_what_was_spent_before_it"
    ),
    "what is owed in all told of every day": "test_what_came_last_to_be_owed_is_made_good_first",
    "taken back and uncovered in one": "test_points_are_valid_up_to_and_with_their_last_day",
    "deductions owed for spending": "test_deductions_beyond_all_points_are_no_spending",
    "points owed are available": "test_points_are_valid_up_to_and_with_their_last_day",
    "spending after the next announcement known before": (
        "test_on_the_day_of_an_announcement_it_takes_back_before_anybody_spends"
    ),
    "announcements known before they hang": (
        "test_points_taken_back_after_they_were_spent_are_for_people_to_decide_on"
    ),
    "redeemed on the as-of date forgotten": (
        "test_spending_before_the_announcement_is_uncovered_until_it_hangs"
    ),
    "announced on the as-of date forgotten": (
        "test_spending_before_the_announcement_is_uncovered_until_it_hangs"
    ),
    "a quarter counts before the one before it": "test_a_quarter_counts_no_earlier_than_the_ones_before_it",
    "what came first to be owed is made good first": ("test_points_are_valid_up_to_and_with_their_last_day"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_noticed_by_a_pencil_case(fault, monkeypatch):
    place, *changes = FAULTS[fault]
    modules = CASES[place.partition(".")[0]]
    assert noticed_by(monkeypatch, modules, place, *changes, first=LIKELY.get(fault)), fault


def test_cases_are_named_for_faults_that_there_are():
    assert LIKELY.keys() <= FAULTS.keys()


@pytest.mark.parametrize("modules", sorted({tuple(modules) for modules in CASES.values()}))
def test_without_a_fault_all_those_cases_pass(modules, monkeypatch):
    word = next(word for word, cases in CASES.items() if tuple(cases) == modules)
    place = next(place for place, *_ in FAULTS.values() if place.startswith(f"{word}."))
    assert noticed_by(monkeypatch, modules, place) is None
