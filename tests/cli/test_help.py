"""Help in the language of the command: every command and option, in one language, as wide as a terminal."""

import re
import unicodedata

import click
import pytest

from jifen_batch.cli.command import Command, all_commands
from jifen_batch.cli.help import Option, folded_to
from jifen_batch.cli.program import program

ALL = dict(all_commands(program, click.Context(program)))
PATHS = ["", "rules", "workers", *ALL]
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
# Words of ours, as they are typed and stand in files, are alike in both.
SENTENCE_OF_ENGLISH = re.compile(r"[a-z]+ [a-z]+ [a-z]+")
CALLED = "用法：jifen-batch "
NAMED_IN_ENGLISH = {"公示稿"}


def columns(line):
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


@pytest.fixture
def shown(cli, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")

    def help_of(path, language):
        monkeypatch.setenv("JIFEN_LANGUAGE", language)
        ended = cli(*path.split(), "--help")
        assert ended.exit_code == 0
        return ended.stdout

    return help_of


@pytest.mark.parametrize("path", PATHS, ids=[path or "program" for path in PATHS])
def test_a_page_is_of_one_language_and_no_wider_than_a_terminal(shown, path):
    english, chinese = (shown(path, language) for language in ("en", "zh"))
    assert set(CHINESE.findall(english)) <= set("".join(NAMED_IN_ENGLISH))
    assert [
        line for line in chinese.splitlines() if SENTENCE_OF_ENGLISH.search(line.removeprefix(CALLED))
    ] == []
    assert max(map(columns, (english + chinese).splitlines())) <= 80
    named = re.compile(r"^  (--[a-z-]+)", re.MULTILINE)
    listed, listed_zh = english.partition("Options:")[2], chinese.partition("选项：")[2]
    assert named.findall(listed) == named.findall(listed_zh) != []


def test_the_locale_chooses_and_language_is_heeded_wherever_it_stands(cli, monkeypatch):
    monkeypatch.delenv("JIFEN_LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert cli("run", "--help").stdout.startswith("用法：")
    for words in (("run", "--help", "--language", "en"), ("run", "--language=en", "--help")):
        assert cli(*words).stdout.startswith("Usage:")


def test_all_that_is_told_is_told_in_both():
    for command in ALL.values():
        assert isinstance(command, Command)
        options = [one for one in command.params if isinstance(one, click.Option)]
        told = [command.told, *(one.told for one in options if isinstance(one, Option))]
        assert len(told) == len(options) + 1
        assert [one for one in told if not (one.en.endswith(".") and one.zh.endswith("。"))] == []


def test_chinese_is_folded_between_signs_and_marks_stay_with_theirs():
    assert folded_to("一二三，四五 --out（六）", 8) == ["一二三，", "四五", "--out", "（六）"]
    assert folded_to("", 8) == [""]
