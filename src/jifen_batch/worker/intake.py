"""What goes into a run: its files found, digested and read, its identity, its numbered rows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jifen_batch import __version__, program, rules
from jifen_batch.dataclass import dataclass
from jifen_batch.engine import chosen
from jifen_batch.engine.placed_rows import filled_cells
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs import remark, run_inputs, spoilt_ids, text_doubts
from jifen_batch.inputs.files import Digest, InputFile, digest_files
from jifen_batch.inputs.find import Found, find
from jifen_batch.inputs.mapping import Mapping as MappingFile
from jifen_batch.inputs.mapping import load_all
from jifen_batch.inputs.objections import no_objections, read_objections
from jifen_batch.inputs.prices import read_prices
from jifen_batch.inputs.redemptions import read_redemptions
from jifen_batch.inputs.remark import InputRemark
from jifen_batch.inputs.successions import no_successions, read_successions
from jifen_batch.kernels.parts import cut
from jifen_batch.kernels.places import number_places
from jifen_batch.kernels.rulebook import rule_book
from jifen_batch.kernels.successions import renaming, under_new_ids
from jifen_batch.kernels.unreadable import at_their_places
from jifen_batch.published import publish, spendable
from jifen_batch.scoring import Terms
from jifen_batch.tables import SCHEMA_VERSION
from jifen_batch.worker import doubts
from jifen_batch.worker.guard.handed_over import ROWS
from jifen_batch.worker.options import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import polars as pl

    from jifen_batch.engine.crew import Engine
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook
    from jifen_batch.published.spendable import SpendableQuarter
    from jifen_batch.rules import LoadedRules
    from jifen_batch.worker.options import RunOptions
    from jifen_batch.worker.stages import Stages

RUN_ID_DIGITS = 16
# Columns that a register may do without; where they are gone, nobody would miss them.
OPTIONAL_OF_REGISTER = ("left_on", "kind", "group_id")


@dataclass(frozen=True)
class Sources:
    """The input files of a run, by role, and the digests of all of them.

    `announced` are the quarters that hang; none where no redemptions ask for them. `passed_over` is what
    the inputs' folders hold beside, `mappings` those by which some input is read.
    """

    events: list[InputFile]
    households: list[InputFile]
    villages: list[InputFile]
    redemptions: list[InputFile]
    successions: list[InputFile]
    objections: list[InputFile]
    prices: list[InputFile]
    announced: list[SpendableQuarter]
    digests: list[Digest]
    passed_over: list[InputRemark]
    mappings: list[MappingFile]

    @property
    def files(self) -> list[InputFile]:
        """All files that are read, by role."""
        return [file for role in ROLES for file in getattr(self, role)]


@dataclass(frozen=True)
class Intake:
    """Everything that scoring needs: the rows at their household places, cut into parts, and the terms.

    `engine` has put the rows, and scores them.
    `rows` counts them, `files` are those they came from; `unreadable` are those of them that cannot be
    read, at their household places, and are nowhere else; `cross_household_ids` are the
    resolutions of rows whose event ids several households have (`resolve`). `redemptions` is null where
    none were given; `announced` are the quarters that they spend. `successions` are all that were given,
    and whatever names a household does so by the id that it has now; so do `objections`. `prices` are null
    where none were given.
    `unregistered` are households of which announced points hang and that the register does not have.
    `warnings` say what of the inputs may be wrong; `handed_over` counts cells by input and optional column,
    and rows of the optional inputs (`guard.handed_over`).
    """

    files: list[InputFile]
    engine: Engine
    rows: int
    unreadable: pl.DataFrame
    parts: list[range]
    cross_household_ids: pl.DataFrame
    register: pl.DataFrame
    villages: pl.DataFrame
    terms: Terms
    redemptions: pl.DataFrame | None
    successions: pl.DataFrame
    objections: pl.DataFrame
    prices: pl.DataFrame | None
    announced: list[SpendableQuarter]
    unregistered: pl.Series
    warnings: list[InputRemark]
    handed_over: dict[str, dict[str, int]]

    def under(self, books: LoadedRules) -> Intake:
        """The same rows under other rule books."""
        return replace(self, terms=replace(self.terms, book=rule_book(books.tables, self.terms.places)))


def find_sources(options: RunOptions) -> Sources:
    """Find and digest the input files. Raises `InputRefusedError`, and `MappingRefusedError`."""
    mappings = load_all(options.mapping)
    _check_roles(mappings)
    found = {role: find(path, role, mappings.get(role)) for role, path in options.inputs.items()}
    files = {role: found[role].files if role in found else [] for role in ROLES}
    return Sources(
        **files,
        announced=spendable.announcements(options.out) if files["redemptions"] else [],
        digests=digest_files([file for of_role in files.values() for file in of_role]),
        passed_over=[*_read_by_none(found), *_no_rule_files(options)],
        mappings=[mapping for role, mapping in mappings.items() if role in found],
    )


def find_told(options: RunOptions, stages: Stages) -> Sources:
    """The same, as a stage; what is passed over is told to the log."""
    with stages.stage("digest"):
        sources = find_sources(options)
        remark.tell(stages.log, remark.PASSED_OVER, sources.passed_over)
    return sources


def _no_rule_files(options: RunOptions) -> Iterator[InputRemark]:
    """What the folders of rule files hold beside."""
    for name, why in rules.unread([Path(one) for one in options.rules]):
        yield InputRemark("rules", name, why)


def _read_by_none(found: Mapping[str, Found]) -> Iterator[InputRemark]:
    """What the inputs pass over, a sheet of a workbook of several inputs once, and none that is read."""
    known: set[tuple[Path, str | None]] | None = None
    for one in found.values():
        for skipped in one.passed_over:
            name, _, sheet = skipped.name.rpartition("#")
            own = name and next((file.path.resolve() for file in one.files if file.name == name), None)
            if not own:
                yield skipped
                continue
            # Where a way really leads is asked of every file: of a county's thousands only if there is need.
            known = known or {
                (file.path.resolve(), file.sheet) for each in found.values() for file in each.files
            }
            if (own, sheet) not in known:
                known.add((own, sheet))
                yield skipped


def _check_roles(mappings: dict[str, MappingFile]) -> None:
    """Refuse a mapping for what no run reads: most likely its role was forgotten."""
    for role in set(mappings) - set(ROLES):
        raise InputRefusedError(
            f"mapping: {mappings[role].name}: is for a {role}, which is not read here; write "
            f"[file] role = one of {', '.join(ROLES)}",
            f"mapping：{mappings[role].name}：是给 {role} 的，这里不读；请在 [file] 中写 role，为 "
            f"{'、'.join(ROLES)} 之一",
        )


def run_id(sources: Sources, books: LoadedRules, options: RunOptions) -> str:
    """Identity of the work: what the inputs, rule files and options hold, and who does it.

    Where the inputs lie does not matter, nor in which order rule files were named. What was announced
    does only where redemptions spend it: announcing by itself makes no work new.
    """
    return identity(
        [[digest.role, digest.name, digest.sha256] for digest in sources.digests],
        [[file.name, hashlib.sha256(file.content).hexdigest()] for file in books.files],
        options.that_make_it_another() | as_mapped((one.role, one.sha256) for one in sources.mappings),
        [__version__, SCHEMA_VERSION, program.code()],
        [[one.quarter, one.sha256] for one in sources.announced] if sources.redemptions else None,
    )


def as_mapped(mappings: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What mappings, by role and SHA-256, add to the identity of a run; nothing where there are none."""
    read_as = dict(sorted(mappings))
    return {"mappings": read_as} if read_as else {}


def identity(
    inputs: list[list[str]],
    rules: list[list[str]],
    options: dict[str, Any],
    worker: list[str],
    announced: list[list[str]] | None,
) -> str:
    """The id of a run: of its inputs (role, name, SHA-256), rule files (name, SHA-256), and the rest.

    `worker` is the program's version, that of the tables, and the digest of its code; `announced` are
    quarters and SHA-256 of their manifests, null where nothing spends them.
    """
    content: dict[str, object] = {
        "inputs": inputs,
        "rules": sorted(rules),
        # In one order, whether they come from the command line or from a manifest, which sorts its keys.
        "options": dict(sorted(options.items())),
        "worker": worker,
    }
    if announced is not None:
        content["announced"] = announced
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:RUN_ID_DIGITS]


def _terms(places: Places, book: RuleBook, options: RunOptions) -> Terms:
    """What the rows of a night are scored by."""
    follows = publish.last_accepted(options.out) is not None
    return Terms(places, book, options.day, options.grace_days, follows)


def read(sources: Sources, books: LoadedRules, options: RunOptions, folder: Path, stages: Stages) -> Intake:
    """Read the inputs, number the households, and put the rows at their places (specification 2 and 3.1).

    What does not fit into memory lies below `folder`, or where all workers see it, until the engine is
    cleared.
    """
    with stages.stage("register") as timing:
        successions = read_successions(sources.successions) if sources.successions else no_successions()
        renamed = renaming(successions, options.day)
        register, lacks = run_inputs.read_register(sources.households, renamed)
        villages = run_inputs.read_villages(sources.villages, register)
        redeemed = read_redemptions(sources.redemptions) if sources.redemptions else None
        redemptions = None if redeemed is None else _of_now(redeemed, renamed)
        prices = read_prices(sources.prices) if sources.prices else None
        objections = read_objections(sources.objections) if sources.objections else no_objections()
        places = number_places(register, renamed=renamed)
        timing["rows"] = register.height
    has = filled_cells(register, OPTIONAL_OF_REGISTER)
    terms = _terms(places, rule_book(books.tables, places), options)
    with stages.stage("events") as timing:
        engine = chosen.engine(options.workers, options.shuffle, folder, sources.events, options.memory)
        events = engine.read(sources.events, places, terms.book)
        timing["rows"] = events.rows
    with stages.stage("resolve") as timing:
        timing["rows"] = events.rows
        cross_household_ids = engine.cross_household_ids(places, options.day)
        parts = cut(engine.load(places))
    unregistered = doubts.unregistered(options.out, places)
    return Intake(
        files=sources.events,
        engine=engine,
        rows=events.rows,
        unreadable=at_their_places(events.unreadable, places),
        parts=parts,
        cross_household_ids=cross_household_ids,
        register=register,
        villages=villages,
        terms=terms,
        redemptions=redemptions,
        successions=successions,
        objections=_of_now(objections, renamed),
        prices=prices,
        announced=sources.announced,
        unregistered=unregistered,
        warnings=[
            *text_doubts.remarks(sources.files),
            *spoilt_ids.warnings("households", options.households, register),
            *doubts.of_register(sources.households, options.households, register, places),
            *doubts.of_villages(options.villages, villages, register),
            *doubts.of_announced(options.households, unregistered, places),
            *doubts.of_books(books, ", ".join(options.rules), register, options.day),
            *doubts.of_kinds(books, options.households, register),
            *doubts.of_groups(options.households, register),
            *doubts.of_columns(lacks, has),
            *doubts.of_successions(options.successions, successions, places),
            *doubts.of_redemptions(options.redemptions, redemptions, places),
            *events.warnings,
            *doubts.of_events(events.lacks, events.filled),
            *doubts.of_unreadable(run_inputs.located(events.unreadable["source"], sources.events)),
        ],
        handed_over=_handed_over(
            events.filled,
            has,
            redemptions=redemptions,
            successions=successions,
            objections=objections,
            villages=villages if sources.villages else None,
        ),
    )


def _handed_over(
    events: Mapping[str, int], households: Mapping[str, int], **others: pl.DataFrame | None
) -> dict[str, dict[str, int]]:
    """Cells by input and optional column, and how many rows each of the other inputs has that was given."""
    return {
        "events": dict(events),
        "households": dict(households),
        **{role: {ROWS: rows.height} for role, rows in others.items() if rows is not None},
    }


def _of_now(rows: pl.DataFrame, renamed: pl.DataFrame) -> pl.DataFrame:
    """Rows that name households, by the ids that these have now."""
    return rows.with_columns(under_new_ids(rows["household_id"], renamed))
