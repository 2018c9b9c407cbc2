"""The house stands on its floors: a module imports only from floors below its own."""

import ast
from functools import cache
from pathlib import Path

import jifen_batch

PACKAGE = Path(jifen_batch.__file__).parent
FLOORS = {
    "dataclass": -1,
    "sentence": -1,
    "own_process": -1,
    "taken_along": -1,
    "scheme": 0,
    "errors": 1,
    "tables": 1,
    "clock": 1,
    "program": 1,
    "signs": 1,
    "columns": 2,
    "storage": 2,
    "kernels": 3,
    "rules": 3,
    "starter": 3,
    "scoring": 4,
    "analysis": 4,
    "inputs": 4,
    "published": 5,
    "notices": 5,
    "engine": 6,
    "worker": 7,
    "synth": 7,
    "desk": 8,
    "cli": 9,
    "__main__": 9,
}
# They run the commands of `cli`, and are on its floor only because nothing stands above it.
SAME_FLOOR = {("__main__", "cli")}
MODULE_LINES, FUNCTION_LINES = 350, 70


def room(parts):
    """The part of the house that a module's path or dotted name lies in; the package itself has none."""
    return Path(parts[0]).stem if parts and parts[0] != "__init__.py" else None


@cache
def parsed(text):
    """The tree of a module; most texts are looked at several times."""
    return ast.parse(text)


def statements(tree):
    """Every statement of a module or of a part of it, however deep; no expression holds one."""
    for part in ("body", "handlers", "orelse", "finalbody", "cases"):
        for one in getattr(tree, part, ()):
            yield one
            yield from statements(one)


def imported_rooms(tree):
    """Every room that a module imports from, wherever in it the import stands."""
    for node in statements(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield "a relative import", node.lineno
            continue
        elif isinstance(node, ast.ImportFrom) and node.module == "jifen_batch":
            names = [f"jifen_batch.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module]
        else:
            continue
        for name in names:
            package, _, inside = name.partition(".")
            # `from jifen_batch import __version__` is the package's own, of no floor.
            if package == "jifen_batch" and inside and inside != "__version__":
                yield inside.split(".")[0], node.lineno


def trespasses(package):
    """Imports that go to the same floor or up, and rooms without a floor."""
    for path in sorted(package.rglob("*.py")):
        at = path.relative_to(package)
        own = room(at.parts)
        if own is None:
            own_floor = -1
        elif own in FLOORS:
            own_floor = FLOORS[own]
        else:
            yield f"{at}: {own} has no floor"
            continue
        for other, line in imported_rooms(parsed(path.read_text(encoding="utf-8"))):
            allowed = other == own or (own, other) in SAME_FLOOR or FLOORS.get(other, 10) < own_floor
            if not allowed:
                yield f"{at}:{line} imports {other}"


def test_every_import_goes_to_a_floor_below():
    assert list(trespasses(PACKAGE)) == []


def test_a_planted_import_from_above_is_noticed(tmp_path):
    copy = tmp_path / "jifen_batch"
    (copy / "kernels").mkdir(parents=True)
    errors = (PACKAGE / "errors.py").read_text(encoding="utf-8")
    late = "def late():\n    with a:\n        from jifen_batch.published import publish\n"
    (copy / "errors.py").write_text(f"{errors}\n\n{late}", encoding="utf-8")
    (copy / "kernels" / "planted.py").write_text("import jifen_batch.rules.model\n", encoding="utf-8")
    (copy / "attic.py").write_text("", encoding="utf-8")
    found = set(trespasses(copy))
    assert "attic.py: attic has no floor" in found
    assert "kernels/planted.py:1 imports rules" in found
    assert any(trespass.startswith("errors.py:") and trespass.endswith("published") for trespass in found)
    assert len(found) == 3


def long_parts(package):
    """Modules and functions too long to be read at a sitting."""
    for path in sorted(package.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        lines = len(text.splitlines())
        if lines > MODULE_LINES:
            yield f"{path.name}: {lines} lines"
        for node in statements(parsed(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = node.end_lineno - node.lineno + 1
                if length > FUNCTION_LINES:
                    yield f"{path.name}: {node.name} has {length} lines"


def test_no_module_and_no_function_is_too_long():
    assert list(long_parts(PACKAGE)) == []


def test_a_long_function_is_noticed(tmp_path):
    body = "    pass\n" * FUNCTION_LINES
    (tmp_path / "long.py").write_text(f"def endless():\n{body}", encoding="utf-8")
    assert list(long_parts(tmp_path)) == [f"long.py: endless has {FUNCTION_LINES + 1} lines"]
