"""Where a key stands, in every way TOML lets it be written."""

import tomllib

from jifen_batch.rules.locate import line_of, locate

TEXT = '''\
# [comment]
top = 1
[book]
"id" = "a = 'b' # no comment"
dotted.'in ner'.x = { y = 1, "z\\u0061" = [ 1, 2 ] }
text = """
[items]
x = 1 \\""" ""
"""""
plain = \'\'\'
key = 2\'\'\' # end

list = [ # comment ]
  "]",
  { from = 2023-01-01, points = 5 },

  [ "a", "b" ],
]
[[items]]
code = "a"
[items.forfeits]
scope = "year"
[[items]]
[[items.points]]
from = 2023-01-01
[[items.points]]
[caps]
x = 5
'''

EXPECTED = {
    ("top",): 2,
    ("book",): 3,
    ("book", "id"): 4,
    ("book", "dotted", "in ner", "x"): 5,
    ("book", "dotted", "in ner", "x", "y"): 5,
    ("book", "dotted", "in ner", "x", "za", 1): 5,
    ("book", "text"): 6,
    ("book", "plain"): 10,
    ("book", "list"): 13,
    ("book", "list", 0): 14,
    ("book", "list", 1): 15,
    ("book", "list", 1, "points"): 15,
    ("book", "list", 2): 17,
    ("book", "list", 2, 1): 17,
    ("items",): 19,
    ("items", 0): 19,
    ("items", 0, "code"): 20,
    ("items", 0, "forfeits"): 21,
    ("items", 0, "forfeits", "scope"): 22,
    ("items", 1): 23,
    ("items", 1, "points", 0): 24,
    ("items", 1, "points", 0, "from"): 25,
    ("items", 1, "points", 1): 26,
    ("caps",): 27,
    ("caps", "x"): 28,
}


def paths_of(value, path=()):
    """Every key path of parsed TOML."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in pairs:
        yield (*path, key)
        yield from paths_of(inside, (*path, key))


def test_every_key_is_found_on_its_line():
    lines = locate(TEXT)
    assert {path: lines.get(path) for path in EXPECTED} == EXPECTED


def test_exactly_the_keys_that_tomllib_reads_are_found():
    assert set(locate(TEXT)) == set(paths_of(tomllib.loads(TEXT)))


def test_windows_line_ends_shift_nothing():
    assert locate(TEXT.replace("\n", "\r\n")) == locate(TEXT)


def test_a_path_that_stands_nowhere_is_at_what_is_around_it():
    lines = locate(TEXT)
    assert line_of(lines, ("items", 0, "per")) == 19
    assert line_of(lines, ("wallet", "expires")) == 1
