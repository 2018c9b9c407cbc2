"""Lists of words and what they mean, from the rows of the scheme: dispositions, reasons, causes, outcomes."""

from __future__ import annotations

from generate.page import in_language, put_table
from jifen_batch.scheme import causes, dispositions, outcomes, reject_reasons, states

WORDS = {
    "dispositions": dispositions.DISPOSITIONS,
    "reject_reasons": reject_reasons.REJECT_REASONS,
    "states": states.UNPOSTED,
    "causes_compare": causes.CHANGE_CAUSES,
    "whats_compare": causes.CIRCUMSTANCES,
    "outcomes_reconcile": outcomes.KEY_OUTCOMES,
    "causes_reconcile": causes.BREAK_CAUSES,
    "acceptances_reconcile": (*outcomes.ACCEPTANCES, outcomes.OPEN),
}


def words(group: str) -> None:
    """A row per word: the word, its Chinese, what it means."""
    rows = ([f"`{one.name}`", one.zh, in_language(one.means_en, one.means_zh)] for one in WORDS[group])
    put_table(in_language("word 中文 meaning", "词 中文 意思").split(), rows)
