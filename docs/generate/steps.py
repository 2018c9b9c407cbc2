"""The steps of the story that the pages' example sessions tell, chapter by chapter.

A chapter has a configuration file of its own, and with it an output folder; `{fingerprint}`, `{before}` and
`{refused}` stand for what an earlier step printed.
"""

from __future__ import annotations

# What a person typed before the first session of a chapter: nights, and the announcements after them.
BEFORE = {
    "town.toml": {
        "2023-07-16": ["2023Q1", "2023Q2"],
        "2023-10-16": ["2023Q3"],
        "2024-01-16": ["2023Q4"],
        "2024-07-20": [],
    },
    "office.toml": {"2023-10-16": []},
}
TOWN = {
    "make": "make run",
    "init": "jifen-batch init village --example",
    "first": "jifen-batch run --config village/worker.toml --as-of 2024-07-20",
    "first-explain": "jifen-batch explain --config village/worker.toml --year 2023 TH-04",
    "template": "jifen-batch template --rules village/rules --year 2024 --to village/登记.xlsx",
    "misspelt": "jifen-batch run --config misspelt.toml",
    "check-wrong": "jifen-batch rules check configs/rules/baoshan-2023.toml wrong/library.toml",
    "check-right": "jifen-batch rules check configs/rules/baoshan-2023.toml library.toml",
    "show": "jifen-batch rules show --village 990113102202 --year 2023",
    "announce": "jifen-batch announce --quarter 2024Q1",
    "diff": "jifen-batch rules diff out/fixtures/current/rules edited",
    "what-if": "jifen-batch what-if --rules edited",
    "readings": "jifen-batch what-if --readings configs/rules/readings",
    "held-back": "jifen-batch run --rules edited",
    "accepted": "jifen-batch run --rules edited --accept-rules {fingerprint}",
    "correction": "jifen-batch announce --quarter 2024Q2",
    "cut": "jifen-batch run --rules edited --events cut",
    "rejected": "jifen-batch run --rules edited --as-of 2024-07-21 --max-reject-rate 0.01",
    "rejected-list": "jifen-batch worklist --run {refused} --to todo",
    "compare": "jifen-batch compare {before} current",
    "reconcile": "jifen-batch reconcile --statement other.csv --mapping mapping.toml",
    "reconcile-accepted": "jifen-batch reconcile --statement other.csv --mapping mapping.toml "
    "--accepted accepted.toml",
    "explain": "jifen-batch explain ZL-03",
    "wallets": "jifen-batch run --rules edited --redemptions fixtures/redemptions.csv",
    "verify": "jifen-batch verify",
    "damaged": "jifen-batch verify",
}
OFFICE = {
    "unannounced": "jifen-batch announce --quarter 2023Q3",
    "with-earlier": "jifen-batch announce --quarter 2023Q3 --with-earlier",
    "withdraw": "jifen-batch announce --withdraw 2023Q3 --reason 公告漏印一页",
    "replaced": "jifen-batch announce --quarter 2023Q3 --with-earlier",
    "later": "jifen-batch run --as-of 2024-01-16",
    "drafts": "jifen-batch announce --quarter 2023Q4 --dry-run --notices drafts --households "
    "fixtures/households.csv",
    "worklist": "jifen-batch worklist --to lists",
    "export": "jifen-batch export ledger --village 990113102202 --to ledger.csv",
    "export-quarter": "jifen-batch export lines --quarter 2023Q3 --to lines.xlsx",
    "lost": "jifen-batch run --as-of 2024-01-17",
    "then": "jifen-batch run --as-of 2023-10-16 --out scratch",
    "rebuild": "jifen-batch announce --rebuild 2023Q3 --scratch scratch",
    "sheet": "jifen-batch run --events 登记表.xlsx --mapping configs/mappings/events.toml --out sheet "
    "--as-of 2023-10-16 --max-reject-rate 0.5",
    "sheet-explain": "jifen-batch explain TH-01 --out sheet",
    "grades-check": "jifen-batch rules check configs/rules/baoshan-2023.toml stars.toml",
    "grades-what-if": "jifen-batch what-if --rules configs/rules --rules fixtures/rules --rules stars.toml",
    "grades": "jifen-batch run --rules configs/rules --rules fixtures/rules --rules stars.toml "
    "--as-of 2024-01-17",
    "grades-export": "jifen-batch export standings --village 990113101201 --to standings.csv",
    "identity": "jifen-batch run --as-of 2024-01-18 --successions successions.csv "
    "--objections objections.csv",
    "identity-explain": "jifen-batch explain TH-02 --year 2023",
    "disputed": "jifen-batch announce --quarter 2023Q4",
    "disputed-accepted": "jifen-batch announce --quarter 2023Q4 --accept-open",
}
CHAPTERS = {"town.toml": TOWN, "office.toml": OFFICE}
# The only ends that a step of this story may have; anything else is a fault, of the program or of the story.
ENDS = {
    "misspelt": 2,
    "check-wrong": 3,
    "held-back": 8,
    "cut": 9,
    "rejected": 6,
    "reconcile": 4,
    "reconcile-accepted": 4,
    "damaged": 4,
    "unannounced": 4,
    "lost": 9,
    "disputed": 4,
}
