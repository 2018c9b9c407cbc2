"""A workbook whose packing is damaged is refused by name, whatever of it is damaged; none ends with 1."""

import pytest
from click.testing import CliRunner

from hostile import victims, zips
from jifen_batch.cli.program import program

ROLES = {"events": victims.events, "households": victims.register, "redemptions": victims.redemptions}
NOT_XML = ("", "no xml at all", "<a><b></a>", "<?xml version='1.0' encoding='none'?><a/>", "\x00" * 40)
# Of these alone a table can be read; what a workbook looks like may be missing.
NEEDED = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml")


@pytest.fixture
def book(tmp_path):
    """A sound workbook of events."""
    path = tmp_path / "登记.xlsx"
    zips.sound(victims.events(), path)
    return path


def is_refused(reader, role, path):
    """That a file is refused by its name, with what to do."""
    outcome, said = reader.read(role, path)
    return outcome == "refused" and said.startswith(f"{role}: {path.name}: ") and "; " in said, (
        outcome,
        said,
    )


@pytest.mark.parametrize("role", ROLES)
def test_a_sound_workbook_is_read(reader, tmp_path, role):
    path = tmp_path / "book.xlsx"
    zips.sound(ROLES[role](), path)
    assert reader.read(role, path)[0] == "read"


@pytest.mark.parametrize("damage", zips.OF_PARTS, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("part", zips.PARTS)
def test_a_part_that_does_not_come_through_whole_refuses_the_file(reader, book, part, damage):
    book.write_bytes(damage(book.read_bytes(), part))
    refused, said = is_refused(reader, "events", book)
    assert refused, said


@pytest.mark.parametrize("damage", zips.OF_WHOLE)
def test_a_directory_that_lies_refuses_the_file(reader, book, damage):
    book.write_bytes(zips.OF_WHOLE[damage](book.read_bytes()))
    refused, said = is_refused(reader, "events", book)
    assert refused, said


@pytest.mark.parametrize("text", NOT_XML)
@pytest.mark.parametrize("part", NEEDED)
def test_what_is_packed_soundly_and_is_no_xml_refuses_the_file(reader, book, part, text):
    book.write_bytes(zips.rewritten(book.read_bytes(), part, text))
    refused, said = is_refused(reader, "events", book)
    assert refused, said


def test_no_other_figure_is_ever_read(reader, book):
    """A sheet without compression in which one digit fell over still unpacks; its checksum tells."""
    book.write_bytes(zips.other_digit(book.read_bytes()))
    refused, said = is_refused(reader, "events", book)
    assert refused, said


@pytest.mark.parametrize("sheets", ['"登记"', '"all"', '["登记"]'])
@pytest.mark.parametrize("damage", [zips.no_stream, zips.encrypted], ids=lambda damage: damage.__name__)
def test_a_mapping_that_names_sheets_does_not_hide_the_damage(tmp_path, book, sheets, damage):
    book.write_bytes(damage(book.read_bytes(), "xl/workbook.xml"))
    mapping = tmp_path / "sheets.toml"
    mapping.write_text(f'[file]\nrole = "events"\nsheets = {sheets}\n', "utf-8")
    given = ["--events", book, "--households", book, "--rules", book, "--out", tmp_path / "out"]
    ended = CliRunner().invoke(program, ["run", *map(str, given), "--mapping", str(mapping)])
    assert (ended.exit_code, book.name in ended.stderr) == (3, True)
