"""What holds of a refusal in both languages: same figures, options and columns; Chinese without English."""

import re

HAN = re.compile("[\u4e00-\u9fff]")
FIGURE = re.compile(r"\d+(?:,\d{3})*")
OPTION = re.compile(r"--[a-z][a-z-]+")
NAMED = re.compile(r"[A-Za-z]+(?:_[a-z]+)+")
CLAUSE = re.compile(r"(?<![\w./-])[a-z]{2,}(?: [a-z]{2,}){2,}(?![\w./=-])")
# What is carried over as it stands: names between quotation marks, commands between backquotes, laws by name.
CARRIED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|`[^`]*`|（[^）]*）")


def faults(en, zh):
    """What is wrong with a sentence and its Chinese."""
    if not HAN.search(zh):
        return [f"no Chinese: {zh}"]
    found = []
    for what, sign in (("figures", FIGURE), ("options", OPTION), ("columns", NAMED)):
        told, said = {*sign.findall(en)}, {*sign.findall(zh)}
        if told != said:
            found.append(f"other {what}: {sorted(told ^ said)} in {en!r} and {zh!r}")
    if clause := CLAUSE.search(CARRIED.sub("", zh)):
        found.append(f"English in Chinese: {clause[0]!r} in {zh!r}")
    return found
