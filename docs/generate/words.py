"""Lists of words and what they mean: dispositions, reasons, states, causes, outcomes."""

from __future__ import annotations

from generate.page import in_language, meanings, put_table
from jifen_batch.notices import breaks, comparison
from jifen_batch.notices import words as said

WORDS = {
    "dispositions": said.DISPOSITIONS,
    "reject_reasons": said.REJECT_REASONS,
    "states": said.STATES,
    "causes_compare": comparison.CAUSES,
    "whats_compare": comparison.WHATS,
    "outcomes_reconcile": breaks.OUTCOMES,
    "causes_reconcile": breaks.CAUSES,
    "acceptances_reconcile": breaks.ACCEPTANCES,
}


def words(group: str) -> None:
    """A row per word: the word, its Chinese, what it means."""
    names = {name or "null": chinese for name, chinese in WORDS[group].items()}
    told = meanings(group, names)
    rows = (
        [f"`{name}`", chinese, str(means)] for (name, chinese), means in zip(names.items(), told, strict=True)
    )
    put_table(in_language("word 中文 meaning", "词 中文 意思").split(), rows)
