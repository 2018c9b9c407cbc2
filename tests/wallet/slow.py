"""A wallet kept by hand: lots in a list, spending taken from them one by one, day after day.

Imports nothing from `kernels`. `announced` is a list of (quarter, day, {scoring year: points}), in order;
`spends` a list of (day, points); `expires` says of a scoring year "none", "12-31" or "03-31".
"""

from __future__ import annotations

from datetime import date

FOREVER = date(9999, 12, 31)
MONTHS = {"12-31": 12, "03-31": 3}


def last_day(year, announced_on, expires):
    if expires == "none":
        return FOREVER
    own = date(year + 1, MONTHS[expires], 31)
    return own if announced_on <= own else date(announced_on.year + 1, MONTHS[expires], 31)


def lots_and_deductions(announced, expires):
    """Lots [last day, points], and (day, points) of what was taken beyond a year's own points."""
    stacks, deductions = {}, []
    for _, day, years in announced:
        for year, points in years.items():
            stack = stacks.setdefault(year, [])
            if points > 0:
                stack.append([last_day(year, day, expires(year)), points])
            missing = max(0, -points)
            while missing and stack:
                taken = min(missing, stack[-1][1])
                stack[-1][1] -= taken
                missing -= taken
                if not stack[-1][1]:
                    stack.pop()
            if missing:
                deductions.append((day, missing))
    return sorted(lot for stack in stacks.values() for lot in stack), deductions


def account(announced, spends, expires, as_of):
    """Lapsed, available and owed at the end of a day."""
    lots, deductions = lots_and_deductions(announced, expires)
    owed = 0
    for day, points in sorted([*deductions, *spends]):
        missing = points
        for lot in lots:
            if lot[0] >= day:
                taken = min(missing, lot[1])
                lot[1] -= taken
                missing -= taken
        owed += missing
    lapsed = sum(points for last, points in lots if last < as_of)
    return lapsed, sum(points for last, points in lots if last >= as_of), owed


def owed_for_spending(announced, spends, expires, as_of):
    return account(announced, spends, expires, as_of)[2] - account(announced, [], expires, as_of)[2]


def wallet(announced, spends, expires, as_of):
    """The columns of a wallet, and what each quarter took back."""
    announced = [entry for entry in announced if entry[1] <= as_of]
    spends = [spend for spend in spends if spend[0] <= as_of]
    lapsed, available, owed = account(announced, spends, expires, as_of)
    below_zero = account(announced, [], expires, as_of)[2]
    debts = _debts(announced, spends, expires)
    assert owed == below_zero + sum(points for _, points in debts)
    taken_back = {}
    for cause, points in debts:
        if cause:
            taken_back[cause] = taken_back.get(cause, 0) + points
    return {
        "announced": sum(points for _, _, years in announced for points in years.values()),
        "lapsed": lapsed,
        "spent": sum(points for _, points in spends),
        "available": available,
        "taken_back": sum(taken_back.values()),
        "uncovered": sum(points for cause, points in debts if not cause),
        "below_zero": below_zero,
        "taken_back_in": max(taken_back, default=None),
    }, taken_back


def _debts(announced, spends, expires):
    """What is still owed for spending, [quarter or None, points], the last to be owed last."""
    happened = [(day, 0, number) for number, (_, day, _) in enumerate(announced)]
    happened += [(day, 1, None) for day in {day for day, _ in spends}]
    debts, before, known = [], 0, 0
    for day, _, number in sorted(happened, key=lambda event: event[:2]):
        known = known if number is None else number + 1
        spent = [spend for spend in spends if spend[0] <= day and (number is None or spend[0] < day)]
        owed = owed_for_spending(announced[:known], spent, expires, day)
        if owed > before:
            debts.append([None if number is None else announced[number][0], owed - before])
        back = before - owed
        while back > 0:
            made_good = min(back, debts[-1][1])
            debts[-1][1] -= made_good
            back -= made_good
            if not debts[-1][1]:
                debts.pop()
        before = owed
    return debts
