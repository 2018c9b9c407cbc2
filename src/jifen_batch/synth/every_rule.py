"""A book that uses the whole rule language on a made-up county: what its feed has, under harder rules.

It extends the shipped book and needs no event beyond those of the annex: base points, caps by period, within
each other, with floors and with dates, kinds of households, vetoes of every reach, grades.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.storage import disk
from jifen_batch.synth.people import LETTING

if TYPE_CHECKING:
    from pathlib import Path

FILE = "every-rule.toml"
TEXT = f"""\
# 模拟县用的细则：附件的事项不变，把细则语言的每一种写法都用上。与 baoshan-2023.toml 一并交给 --rules。

[book]
id = "every-rule"
title = "模拟县积分细则"
source = "模拟"
extends = "baoshan-2023"

[caps]
conduct = {{points = 100, basis = "net", floor = 0}}
civil = {{points = 170, basis = "net"}}
waste = {{points = 60, basis = "net", floor = 0, within = "civil"}}
environment = {{points = 120, basis = "net", floor = -20, within = "civil"}}
helping = 90
volunteer = {{points = 30, period = "quarter", within = "helping"}}
talk = 55
deliberation = {{points = 15, period = "quarter", within = "talk"}}
customs = {{points = 30, period = "half"}}
covenant = {{points = 5, period = "month", within = "customs"}}
rental = {{points = [{{from = 2023-01-01, points = 240}}, {{from = 2023-08-01, points = 200}}]}}

[[items]]
code = "base.year"
category = "基础分"
task = "基础分"
name = "每户基础分"
points = 100
per = "year"
grant = true
spendable = false
cap = "conduct"

[[items]]
code = "base.letting"
category = "基础分"
task = "基础分"
name = "出租户每月基础分"
points = 1
per = "month"
grant = true
kinds = ["{LETTING}"]

[[items]]
code = "deliberation.absence"
cap = "conduct"

[[items]]
code = "waste.check_failed"
cap = "waste"

[[items]]
code = "environment.check_failed"
cap = "environment"

[[items]]
code = "rental.registration"
kinds = ["{LETTING}"]

[[items]]
code = "rental.rules"
kinds = ["{LETTING}"]

[[items]]
code = "rental.accident"
forfeits = {{scope = "quarter", items = ["rental.registration", "rental.rules"]}}

[[items]]
code = "violation.building"
forfeits = {{scope = "year", items = "all", reach = "before"}}

[[items]]
code = "violation.conduct"
forfeits = {{scope = "year", items = "all"}}

[[items]]
code = "courtyard.contest"
per = "quarter"

[[items]]
code = "education.training"
per = "half"
spendable = false

[[grades]]
name = "五星户"
at_least = 500
top_percent = 10
bars = ["violation.building", "violation.conduct"]

[[grades]]
name = "四星户"
top = 30
bars = ["violation.conduct"]

[[grades]]
name = "三星户"
at_least = 200
"""


def write_every_rule(out: Path) -> None:
    """Write the book beside the feed. Raises `DiskError`."""
    disk.write_bytes(out / FILE, TEXT.encode())
