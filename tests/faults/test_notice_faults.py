"""Faults put into corrections, notices, masks and wallets on purpose: a pencil case must notice each.

A fault is a module, what stands there, and what it becomes. All of it happens in this process, for a
fault costs a few hundredths of a second so.
"""

from __future__ import annotations

import pytest

from faults.planted import noticed_by

ADJUST, CORRECT, BEHIND, NOTICED = (
    f"analysis.{name}" for name in ("notice_rows", "corrections", "correction_causes", "notice_figures")
)
LOTS, WALLET, ACCOUNTS = "analysis.point_lots", "analysis.wallet", "analysis.wallet_ledger"
MASKING, WORKBOOK, PAGES = (f"notices.printed.{name}" for name in ("masking", "workbook", "pages"))
CASES = {
    ADJUST: ["kernels.test_adjust"],
    CORRECT: ["kernels.test_correct"],
    BEHIND: ["kernels.test_behind"],
    NOTICED: ["kernels.test_noticed"],
    LOTS: ["wallet.test_pencil"],
    WALLET: ["wallet.test_pencil"],
    ACCOUNTS: ["wallet.test_pencil"],
    MASKING: ["printed.test_masking"],
    WORKBOOK: ["printed.test_workbook"],
    PAGES: ["printed.test_pages"],
}

FAULTS = {
    # What a correction notice says.
    "the laxer word of two books holds": (
        ADJUST,
        "return_dtype=pl.Int64).max()",
        "return_dtype=pl.Int64).min()",
    ),
    "the earlier name of an item": (
        ADJUST,
        'pl.col("name", "clause").last()',
        'pl.col("name", "clause").first()',
    ),
    "an item of which only the category may be said is named": (
        ADJUST,
        'open=strictest == OPENNESS["item"]',
        'open=strictest != OPENNESS["hidden"]',
    ),
    "an item of which the category may be said is hidden": (
        ADJUST,
        'hidden=strictest == OPENNESS["hidden"]',
        'hidden=strictest != OPENNESS["item"]',
    ),
    "an item that no book knows is named": (
        ADJUST,
        'said = pl.col("open").fill_null(value=False)',
        'said = pl.col("open").fill_null(value=True)',
    ),
    "events of items that may not be named": (ADJUST, 'pl.col(*ITEM, "event_id")', "pl.col(*ITEM)"),
    "the rule of items that may not be named": (
        ADJUST,
        'ITEM = ("item", "name", "clause", "rule")',
        'ITEM = ("item", "name", "clause")',
        '"cause", "what", *ITEM)\n        .agg(\n',
        '"cause", "what", *ITEM, "rule")\n        .agg(\n',
        '"cause", "what", *ITEM, "events"',
        '"cause", "what", *ITEM, "rule", "events"',
    ),
    "the event behind named though its item may not be": (
        ADJUST,
        'because_said = said & pl.col("because_open").fill_null(value=False)',
        "because_said = said",
    ),
    "the event behind named though the line's item may not be": (
        ADJUST,
        'because_said = said & pl.col("because_open")',
        'because_said = pl.col("because_open")',
    ),
    "causes that move no point": (ADJUST, 'causes.filter(pl.col("points") != 0)', "causes"),
    "what hung of other households": (
        ADJUST,
        'hung.join(accounts, on=ACCOUNT, how="semi")\n    before = before.group_by(ACCOUNT)',
        'hung.join(accounts, on=ACCOUNT[:2], how="semi")\n    before = before.group_by(ACCOUNT[:2])',
        'accounts.join(before, on=ACCOUNT, how="left", validate="1:1")',
        'accounts.join(before, on=ACCOUNT[:2], how="left")',
    ),
    "now is what was announced less the difference": (
        ADJUST,
        'now=pl.col("announced") + pl.col("difference")',
        'now=pl.col("announced") - pl.col("difference")',
    ),
    # What a quarter comes to.
    "lines that differ in a null taken for one": (
        CORRECT,
        "rows.hash_rows(seed=1)",
        'rows.drop("matter_id").hash_rows(seed=1)',
        "rows.hash_rows(seed=2)",
        'rows.drop("matter_id").hash_rows(seed=2)',
    ),
    "a line that is left twice stands once": (CORRECT, 'times=pl.col("change").abs()', "times=pl.lit(1)"),
    "what was taken down is left as put up": (
        CORRECT,
        'change=pl.col("change").sign()',
        'change=pl.col("change").sign().abs()',
    ),
    "more taken down than hung": (
        CORRECT,
        'if (left["change"] < 0).any():',
        'if (left["change"] < 0).all():',
    ),
    "a reversal announced as a deduction": (CORRECT, "loss = (points < 0) & ~reversal", "loss = points < 0"),
    "an award that counts what was lost": (CORRECT, "awarded=points.clip(lower_bound=0)", "awarded=points"),
    "a correction that only adds": (CORRECT, 'adjusted=points * pl.col("change")', "adjusted=points"),
    "a year to date where nothing is left": (
        CORRECT,
        'pl.col("year_to_date").fill_null(0)',
        'pl.col("year_to_date").fill_null(1)',
    ),
    "a net without the adjustment": (
        CORRECT,
        "net=pl.sum_horizontal(SUMS)",
        "net=pl.sum_horizontal(SUMS[:3])",
    ),
    "accounts of all years in one": (
        CORRECT,
        "lines.group_by(ACCOUNT).agg(net=",
        'lines.group_by(*ACCOUNT[:3], "category").agg(pl.col("scoring_year").first(), net=',
    ),
    "a sum that is held to the announcement alone": (
        CORRECT,
        'said = pl.concat([before.select(*ACCOUNT, "net"), announcement.select(*ACCOUNT, "net")])',
        'said = announcement.select(*ACCOUNT, "net")',
    ),
    "a sum that may be above": (CORRECT, '(sums["net"] == 0)', '(sums["net"] >= 0)'),
    "a year to date that may be above": (
        CORRECT,
        '(told["net"] == told["year_to_date"])',
        '(told["net"] >= told["year_to_date"])',
    ),
    # What is behind corrections.
    "own lines of the quarter taken for corrections": (
        BEHIND,
        'ledger.filter(pl.col("quarter") <= last)',
        "ledger",
    ),
    "corrections of the last quarter forgotten": (
        BEHIND,
        'ledger.filter(pl.col("quarter") <= last)',
        'ledger.filter(pl.col("quarter") < last)',
    ),
    "events put up taken for events taken down": (
        BEHIND,
        'pl.col("change") == REMOVED',
        'pl.col("change") == ADDED',
    ),
    "a cause said twice": (BEHIND, "word.unique().sort()", "word.sort()"),
    "causes in the order of their rows": (BEHIND, "word.unique().sort()", "word.unique(maintain_order=True)"),
    # What a printed notice says.
    "a hidden item counts in its category": (
        NOTICED,
        'return _with_words(lines, names).filter(~pl.col("hidden"))',
        "return _with_words(lines, names)",
    ),
    "an item that no book knows is not hidden": (
        NOTICED,
        'pl.col("hidden").fill_null(value=True)',
        'pl.col("hidden").fill_null(value=False)',
    ),
    "an item named that may not be": (NOTICED, '.with_columns(pl.when("open").then("name"))', ""),
    "an item of another book's name": (
        NOTICED,
        "known = names.select(*BY_RULE,",
        'known = names.select("item",',
        "lines.join(known, on=BY_RULE,",
        'lines.join(known, on="item",',
    ),
    "the reason of a hidden correction": (
        NOTICED,
        'pl.when(shown).then(pl.col("category", "reason"))',
        'pl.when(shown).then(pl.col("category"))',
    ),
    "the category of a hidden correction": (
        NOTICED,
        'pl.when(shown).then(pl.col("category", "reason"))',
        'pl.when(shown).then(pl.col("reason"))',
    ),
    "a correction taken down told as put up": (
        NOTICED,
        'points=pl.col("points") * pl.col("change")',
        'points=pl.col("points")',
    ),
    "reasons that cancel out": (
        NOTICED,
        '        .filter(pl.col("points") != 0)\n        .sort(*ACCOUNT, "name", "reason"',
        '        .sort(*ACCOUNT, "name", "reason"',
    ),
    "lines that brought nothing are told": (
        NOTICED,
        '        .filter(pl.col("points") != 0)\n        .group_by(*ACCOUNT, "name")',
        '        .group_by(*ACCOUNT, "name")',
    ),
    "those who left listed with those who are ranked": (NOTICED, ' & pl.col("rank").is_not_null())', ")"),
    "the ranked of every year": (NOTICED, '(pl.col("scoring_year") == year) & ', ""),
    "who has no rank comes first": (
        NOTICED,
        "nulls_last=[False, False, False, True, False]",
        "nulls_last=[False] * 5",
    ),
    "the earliest year first": (
        NOTICED,
        "descending=[False, False, True, False, False]",
        "descending=[False] * 5",
    ),
    "what is now without what was announced": (
        NOTICED,
        '(pl.col("announced") + pl.col("difference"))',
        '(pl.col("difference"))',
    ),
    "announced of one category": (
        NOTICED,
        'agg(announced=pl.col("net").sum())',
        'agg(announced=pl.col("net").first())',
    ),
    # Masks.
    "a star for each character": (MASKING, "+ STAR\n", "+ STAR * (len(signs) - 1)\n"),
    "a name of one character shown": (MASKING, "if len(signs) == 1 or not", "if not"),
    "a digit taken for a surname": (
        MASKING,
        "return is_han(sign) or sign.isalpha()",
        "return is_han(sign) or sign.isalnum()",
    ),
    "a compound surname alone shown whole": (
        MASKING,
        "len(signs) > COMPOUND and",
        "len(signs) >= COMPOUND and",
    ),
    "a compound surname before a dot": (MASKING, "and all(map(is_han, signs))", ""),
    "zero-width signs count as characters": (MASKING, 'not in "CMZ"', 'not in "MZ"'),
    "marks count as characters": (MASKING, 'not in "CMZ"', 'not in "CZ"'),
    "blanks count as characters": (MASKING, 'not in "CMZ"', 'not in "CM"'),
    "fillers count as characters": (MASKING, " and sign not in FILLERS", ""),
    "rare characters taken for nothing": (
        MASKING,
        'return is_han(sign) or (unicodedata.category(sign)[0] not in "CMZ" and sign not in FILLERS)',
        'return unicodedata.category(sign)[0] not in "CMZ" and sign not in FILLERS',
    ),
    "letters and their marks left apart": (MASKING, 'unicodedata.normalize("NFC", name)', "name"),
    "equal masks left equal": (MASKING, "if total[one] > 1", "if total[one] > 2"),
    "masks numbered in the order of the rows": (
        MASKING,
        "for household in sorted(names)",
        "for household in names",
    ),
    # Pages.
    "households that earned of all that are ranked in any year": (
        PAGES,
        '(pl.col("scoring_year") == year) & pl',
        "pl",
    ),
    "households that earned of all that have a row": (
        PAGES,
        'ranked.join(gained, on="household_id", how="semi")',
        "gained",
    ),
    "households that got nothing earned": (PAGES, 'pl.col("awarded") > 0', 'pl.col("awarded") >= 0'),
    "a share of 0 households": (PAGES, " if ranked.height else", " if True else"),
    "a category of no line is 0": (
        PAGES,
        "(shares.get((*key, category)) for",
        "(shares.get((*key, category), 0) for",
    ),
    "a category of another year": (
        PAGES,
        'key = (one["household_id"], one["scoring_year"])',
        'key = (one["household_id"], 2023)',
    ),
    "hidden corrections told": (PAGES, 'if one["category"] is not None:', "if True:"),
    "hidden corrections not even said to be there": (
        PAGES,
        'if any(one["category"] is None',
        'if all(one["category"] is None',
    ),
    "a draft without its mark": (
        PAGES,
        'f"（{DRAFT}）" if draft else ""',
        'f"（{DRAFT}）" if not draft else ""',
    ),
    "corrections left out": (PAGES, "if village.corrected.height:", "if village.corrected.height > 2:"),
    "a word on names where there are none": (PAGES, "[NAMES] if village.masks else []", "[NAMES]"),
    # Cells.
    "full-width signs left": (
        WORKBOOK,
        'unicodedata.normalize("NFKC", shown.lstrip(" ")[:1])',
        'shown.lstrip(" ")[:1]',
    ),
    "blanks before a sign": (WORKBOOK, 'shown.lstrip(" ")[:1]', "shown[:1]"),
    "the library's own markup": (WORKBOOK, " or shown.startswith(RICH_TEXT)", ""),
    "texts that are not printable": (WORKBOOK, "shown = printable(text)", "shown = text"),
    "texts taken for formulas": (WORKBOOK, "    risky = (first", "    risky = False and (first"),
    "numbers written as text": (WORKBOOK, "abs(cell) < MAX_EXACT:", "0 <= cell < MAX_EXACT:"),
    "a day of making that is today": (
        WORKBOOK,
        'book.set_properties({"created": datetime(made_on.year, made_on.month, made_on.day)})',
        "pass",
    ),
    # Wallets.
    "points lapse a day early": (
        LOTS,
        "DEDUCTED, ANNOUNCED, SPENT, CLOSED, LAPSED = range(5)",
        "LAPSED, DEDUCTED, ANNOUNCED, SPENT, CLOSED = range(5)",
    ),
    "spending before what was just announced": (
        LOTS,
        "DEDUCTED, ANNOUNCED, SPENT, CLOSED, LAPSED = range(5)",
        "DEDUCTED, SPENT, ANNOUNCED, CLOSED, LAPSED = range(5)",
    ),
    "points lapse in the scoring year itself": (
        LOTS,
        'own = pl.date(pl.col("scoring_year") + 1,',
        'own = pl.date(pl.col("scoring_year"),',
    ),
    "late points lapse before they can be spent": (
        LOTS,
        'pl.when(pl.col("day") > own).then(late)',
        'pl.when(pl.col("day") > late).then(late)',
    ),
    "late by the day on which they lapse": (
        LOTS,
        'pl.when(pl.col("day") > own)',
        'pl.when(pl.col("day") >= own)',
    ),
    "points without an expiry lapse": (LOTS, "last.fill_null(NEVER)", "last.fill_null(BEFORE_ALL)"),
    "what was taken from one year taken from another": (
        LOTS,
        'packed([increments["household"], increments["scoring_year"]]))\n    net',
        'packed([increments["household"]]))\n    net',
    ),
    "a loss of one point forgotten": (LOTS, "begins) < 0, begins", "begins) < -1, begins"),
    "a lot of one point forgotten": (
        LOTS,
        'return merged.filter(pl.col("points") > 0)',
        'return merged.filter(pl.col("points") > 1)',
    ),
    "one point owed forgotten": (
        WALLET,
        'closing["owed_for_spending"] > 0',
        'closing["owed_for_spending"] > 1',
    ),
    "a law of wallets that nobody breaks": (WALLET, "owed > pl.col", "owed < pl.col"),
    "deductions forgotten": (
        LOTS,
        "(frame, step) in kinds.items()),",
        '(frame, step) in kinds.items() if kind != "deducted"),',
    ),
    "spending not held against what lapses": (LOTS, '(left_idle - so_far["spent"])', "(left_idle)"),
    "idle points that lapsed through spending": (
        LOTS,
        'idle=pl.col("in_all") - pl.col("lapsed_idle")',
        'idle=pl.col("in_all") - pl.col("lapsed")',
    ),
    "what came first to be owed is made good first": (WALLET, ".reverse().cum_min().reverse()", ".cum_min()"),
    "what is owed in all told of every day": (
        WALLET,
        'points=pl.col("still") - before',
        'points=pl.col("still")',
    ),
    "taken back and uncovered in one": (
        WALLET,
        'taken_back=pl.col("points").filter(taken_back).sum()',
        'taken_back=pl.col("points").sum()',
    ),
    "deductions owed for spending": (WALLET, ' - (-pl.col("idle")).clip(lower_bound=0)\n', "\n"),
    "points owed are available": (
        WALLET,
        'available=pl.col("position").clip(lower_bound=0)',
        'available=pl.col("position").abs()',
    ),
    "spending after the next announcement known before": (
        WALLET,
        'pl.col("day") < days[known]',
        'pl.col("day") <= days[known]',
    ),
    "announcements known before they hang": (
        WALLET,
        'pl.col("announced") < known)',
        'pl.col("announced") <= known)',
    ),
    "what is returned was spent": (ACCOUNTS, '        .filter(pl.col("status") == DONE)\n', ""),
    "redeemed after the as-of date": (
        ACCOUNTS,
        'redemptions.filter(pl.col("redeemed_on") <= as_of)',
        "redemptions",
    ),
    "redeemed on the as-of date forgotten": (
        ACCOUNTS,
        'pl.col("redeemed_on") <= as_of',
        'pl.col("redeemed_on") < as_of',
    ),
    "announced on the as-of date forgotten": (
        ACCOUNTS,
        '.filter(pl.col("day") <= as_of)',
        '.filter(pl.col("day") < as_of)',
    ),
    "a quarter counts before the one before it": (
        ACCOUNTS,
        'day=pl.col("as_of").cum_max()',
        'day=pl.col("as_of")',
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_noticed_by_a_pencil_case(fault, monkeypatch):
    module, *changes = FAULTS[fault]
    assert noticed_by(monkeypatch, module, changes, CASES[module]), fault


@pytest.mark.parametrize("module", CASES)
def test_without_a_fault_all_those_cases_pass(module, monkeypatch):
    assert noticed_by(monkeypatch, module, [], CASES[module]) is None
