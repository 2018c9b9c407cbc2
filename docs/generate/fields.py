"""Fields of the files that people write: an item, a mapping, an accepted break; and of the last log line."""

from __future__ import annotations

from generate.page import in_language, meanings, put_table
from jifen_batch.inputs.accepted_breaks import EntryForm
from jifen_batch.inputs.mapping import FileForm
from jifen_batch.scheme import rule_fields

FIELDS = {"mapping": FileForm, "accepted": EntryForm}


def fields(name: str) -> None:
    """A row per field: key, value, meaning."""
    names = list(FIELDS[name].fields())
    told = meanings(f"fields.{name}", names)
    put_table(
        in_language("key value meaning", "键 值 意思").split(),
        ([f"`{field}`", *means] for field, means in zip(names, told, strict=True)),
    )


def rule_keys(table: str) -> None:
    """A row per key of a table of rule files, from the scheme: `item`, `cap`, `book` or `wallet`."""
    tables = {
        "item": rule_fields.ITEM,
        "cap": rule_fields.CAP_TABLE,
        "book": rule_fields.BOOK,
        "wallet": rule_fields.WALLET,
    }
    put_table(
        in_language("key value meaning", "键 值 意思").split(),
        (
            [f"`{one.name}`", in_language(*one.value), in_language(*one.means)]
            for one in tables[table].values()
        ),
    )
