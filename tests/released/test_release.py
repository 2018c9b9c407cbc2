"""The version, the CHANGELOG's sections and the folders of released versions belong together."""

import re

from jifen_batch import __version__
from released.commands import ROOT
from released.conftest import RELEASED


def sections():
    """The released versions by the headings of the CHANGELOG, the newest first."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.findall(r"^## ([0-9]+\.[0-9]+\.[0-9]+)$", text, re.MULTILINE)


def number(version):
    return tuple(map(int, version.split(".")))


def test_the_version_is_that_of_the_changelog_s_top_section():
    assert sections()[0] == __version__


def test_sections_descend_and_nothing_stands_above_them_but_what_is_not_released():
    assert sections() == sorted(set(sections()), key=number, reverse=True)
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    others = re.findall(r"^## (?![0-9])(.+)$", text, re.MULTILINE)
    assert set(others) <= {"Unreleased / 未发布"}


def test_every_version_before_this_one_has_left_an_output_folder():
    folders = {path.name for path in RELEASED.iterdir() if path.is_dir()}
    assert {version for version in sections() if number(version) < number(__version__)} <= folders
    assert folders <= set(sections())
