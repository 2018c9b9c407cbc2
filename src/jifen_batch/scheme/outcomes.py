"""How a command's work came out: of runs, of keys of a reconciliation, of breaks and their acceptance."""

from __future__ import annotations

from jifen_batch.scheme.word import Word

PUBLISHED, KEPT, UNCHANGED = "published", "kept", "unchanged"
HELD_BACK, FAILED, DRY_RUN = "held_back", "failed", "dry_run"
# What the last log line says of every run beside its outcome, in order; null where it did not come so far.
FIGURES = ("run_id", "as_of", "rows", "lines", "rejects", "warnings")

RUN_OUTCOMES = (
    Word(PUBLISHED, "已发布", "a new run was published", "发布了新的结果"),
    Word(
        KEPT,
        "已保存，当前结果不变（截止日期早于当前运行）",
        "published beside the current run, which is of a later as-of date",
        "另存一次，当前运行的截止日期更晚",
    ),
    Word(UNCHANGED, "内容未变，沿用已有结果", "this very work was published before", "同样的工作以前发布过"),
    Word(
        HELD_BACK,
        "已发布，细则修改暂缓",
        "published under the last accepted rule books",
        "按上次接受的细则发布",
    ),
    Word(FAILED, "未发布", "nothing was published", "什么也没有发布"),
)

KEY_OUTCOMES = (
    Word("matched", "一致", "the difference is within the tolerance", "差额在容差以内"),
    Word("amount_differs", "分数不符", "both have it, with other points", "两边都有，分数不同"),
    Word("only_ours", "仅我方有", "they have none", "对方没有"),
    Word("only_theirs", "仅对方有", "we have none", "我方没有"),
    Word("duplicated_theirs", "对方重复", "several of their rows have this key", "对方有几行是同一个键"),
)

# Of a break that is in no register of accepted ones.
OPEN = Word("null", "待处理", "in no register", "登记册里没有")
ACCEPTANCES = (
    Word("accepted", "已认可", "does not cry", "不再报"),
    Word("expired", "认可已过期", "`until` has passed: cries again", "过了 `until`，再报"),
    Word("changed", "差额已变，须重新认可", "the difference is another one: cries again", "差额变了，再报"),
)
