"""The pages say what the code says, in both languages, and lead nowhere that is not there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FRONT = [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md"]
ENGLISH = sorted(DOCS.rglob("*.en.md"))
PAGES = [*FRONT, *sorted(DOCS.rglob("*.md"))]
# What `make docs` sets.
ENVIRONMENT = {
    **os.environ,
    "POLARS_MAX_THREADS": "1",
    "PYTHONPATH": os.pathsep.join([str(DOCS), str(ROOT / "benchmarks")]),
}

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
both = pytest.mark.parametrize("page", [*ENGLISH, FRONT[0]], ids=lambda page: str(page.relative_to(ROOT)))


def chinese(page):
    """The same page in Chinese."""
    if page == FRONT[0]:
        return FRONT[1]
    return page.with_name(page.name.replace(".en.md", ".zh.md"))


def prose(page):
    """A page without what stands in fences."""
    return re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def test_generated_parts_are_what_the_code_says_now():
    """By one process, so that the story of the example sessions is played once."""
    names = [str(page.relative_to(ROOT)) for page in PAGES]
    command = [sys.executable, "-m", "cogapp", "--check", "-U", "-I", "docs", "-p", "import generate", *names]
    ended = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"run make docs\n{ended.stdout}{ended.stderr}"


def test_the_picture_of_the_flow_is_drawn_from_the_code_s_words_of_now():
    command = [sys.executable, "-m", "generate.flow", "--check"]
    ended = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


@both
def test_a_page_has_the_same_sections_and_sessions_in_both_languages(page):
    def shape(text):
        return re.findall(r"^#+ |^```\w*|\[\[\[cog generate\.\w+\(\"[\w-]+", text, re.MULTILINE)

    assert shape(page.read_text("utf-8")) == shape(chinese(page).read_text("utf-8"))


def test_there_is_no_chinese_page_without_its_english_one_and_every_page_is_in_the_menu():
    assert {chinese(page) for page in ENGLISH} == {*DOCS.rglob("*.zh.md")}
    menu = re.findall(r"- ([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    assert sorted(menu) == sorted(str(page.relative_to(DOCS)).replace(".en.md", ".md") for page in ENGLISH)


@pytest.mark.parametrize("page", FRONT[:2], ids=lambda page: page.name)
def test_a_readme_is_one_screen(page):
    assert 60 <= len(page.read_text("utf-8").splitlines()) <= 80


@pages
def test_a_link_leads_to_a_file_and_a_section_of_it(page):
    for target in re.findall(r"\]\(([^)#]*(?:#[^)]*)?)\)", prose(page)):
        name, _, section = target.partition("#")
        if name.startswith("https:"):
            continue
        led = (page.parent / name).resolve() if name else page
        assert led.exists(), target
        if section and not name.endswith(".svg"):
            titles = re.findall(r"^#+ (.*)$", led.read_text("utf-8"), re.MULTILINE)
            slugs = [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles]
            assert section in slugs, target


@pages
def test_a_file_that_is_named_is_there(page):
    for name in re.findall(r"`((?:configs|fixtures|tests|src|benchmarks|docs)/[\w./-]+)`", prose(page)):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_other_reading_of_the_annex_is_told_of(language):
    told = (DOCS / "why" / f"annex.{language}.md").read_text("utf-8")
    readings = {path.stem for path in (ROOT / "configs" / "rules" / "readings").glob("*.toml")}
    assert readings - set(re.findall(r"`([\w-]+)`", told)) == set()


def test_decisions_are_numbered_without_a_gap_and_alike():
    numbers = {}
    for language in ("en", "zh"):
        text = (DOCS / "why" / f"decisions.{language}.md").read_text("utf-8")
        numbers[language] = [int(number) for number in re.findall(r"^- \*\*(\d+)\.\*\* ", text, re.MULTILINE)]
    assert numbers["en"] == numbers["zh"] == [*range(1, len(numbers["en"]) + 1)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_decision_names_the_test_that_holds_it(language):
    text = (DOCS / "why" / f"decisions.{language}.md").read_text("utf-8")
    for decision in re.findall(r"^- \*\*\d+\.\*\*.*$", text, re.MULTILINE):
        tests = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", decision)
        assert tests, decision
        for file, name in tests:
            assert f"\ndef {name}(" in (ROOT / file).read_text("utf-8"), name


def test_sections_of_the_specification_that_are_cited_are_there():
    headings = re.findall(
        r"^#+ (\d[\d.]*) ", (DOCS / "why" / "specification.en.md").read_text("utf-8"), re.MULTILINE
    )
    # 3.1 has four steps and 3.3 seven operators, numbered within.
    known = {*headings, *(f"3.1.{step}" for step in range(1, 5)), *(f"3.3.{step}" for step in range(1, 8))}
    for path in [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        cited = re.findall(r"[Ss]pecification (\d(?:[\d.]*\d)?)", path.read_text("utf-8"))
        assert set(cited) <= known, path
