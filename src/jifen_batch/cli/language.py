"""In which language a command speaks: as `--language` says, else as the locale does (specification 5)."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.sentence import Sentence

LANGUAGES = ("zh", "en")
OPTION, VARIABLE = "--language", "JIFEN_LANGUAGE"
# In the order in which the system asks them; the first that is set decides.
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
_chosen: list[str] = []


def here(sentence: Sentence) -> str:
    """As it is said in the language of this command."""
    return sentence.here(spoken())


def choose(language: str | None) -> None:
    """Speak this language from now on; null = as the locale says."""
    _chosen[:] = [language] if language else []


def asked() -> str | None:
    """The language that `--language` asks for; null where it is not given."""
    return _chosen[0] if _chosen else None


def written() -> str:
    """The language of files for clerks: Chinese where `--language` asks for nothing."""
    return asked() or "zh"


def asked_in(words: Sequence[str]) -> str | None:
    """The language that a command line asks for, understood or not; null = none of ours."""
    apart = [word for before, word in pairwise(words) if before == OPTION]
    joined = [word.removeprefix(f"{OPTION}=") for word in words if word.startswith(f"{OPTION}=")]
    given = (*apart, *joined, os.environ.get(VARIABLE))
    return next((one for one in given if one in LANGUAGES), None)


def spoken() -> str:
    """The language spoken now."""
    if _chosen:
        return _chosen[0]
    locale = next((os.environ[name] for name in LOCALE if os.environ.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"
