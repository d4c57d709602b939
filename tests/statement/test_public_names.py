"""The public surface of ``landlink.statement``: names, documentation, examples and short displays."""

from __future__ import annotations

import ast
import dataclasses
import doctest
import inspect
import re
import subprocess
import sys
import unicodedata
from functools import cache
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from landlink import statement
from landlink.statement.summary_display import fitted
from tests.support.bundled import bundled_study
from tests.support.statement_fixture import Target, entry, reading, register, trucks

SOURCE = ast.parse(Path(statement.__file__).read_text(encoding="utf-8"))
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "python.md"
FUNCTIONS = [name for name in statement.__all__ if inspect.isfunction(getattr(statement, name))]
HOSTILE = "</table><script>alert(1)</script><b>&\"'\u202e"


def names_for_type_checkers() -> set[str]:
    blocks = [node for node in SOURCE.body if isinstance(node, ast.If)]
    return {alias.name for block in blocks for line in block.body for alias in line.names}


def test_type_checkers_see_the_same_names_as_all():
    assert names_for_type_checkers() == set(statement.__all__)


def test_the_reference_page_lists_every_public_name_and_no_other():
    listed = re.findall(r"auto(?:function|class):: landlink\.statement\.(\w+)", PAGE.read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(statement.__all__)


def test_members_on_the_reference_page_exist_and_are_documented():
    text = PAGE.read_text(encoding="utf-8")
    for name, members in re.findall(r"autoclass:: landlink\.statement\.(\w+)\n +:members: (.+)", text):
        for member in members.split(", "):
            assert inspect.getattr_static(getattr(statement, name), member).__doc__, f"{name}.{member}"


def test_no_module_hides_a_public_name():
    assert not set(statement.__all__) & {module.name for module in iter_modules(statement.__path__)}


@pytest.mark.parametrize("name", statement.__all__)
def test_every_public_name_is_documented_with_an_example(name):
    item = getattr(statement, name)
    assert item.__module__.startswith("landlink.statement.")
    assert name in import_module(item.__module__).__all__
    assert item.__doc__ is not None
    assert ">>> " in item.__doc__


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_parameter_of_a_public_function_is_documented(name):
    function = getattr(statement, name)
    text = inspect.getdoc(function) or ""
    for parameter in inspect.signature(function).parameters:
        assert re.search(rf"^(?:\w+, )*{parameter}(?:, \w+)*$", text, re.MULTILINE), parameter
    assert "Returns\n-------" in text


@pytest.mark.parametrize(
    "name",
    [name for name in statement.__all__ if dataclasses.is_dataclass(getattr(statement, name)) and name != "Entry"],
)
def test_every_field_of_a_public_record_is_documented(name):
    item = getattr(statement, name)
    text = inspect.getdoc(item) or ""
    for field in dataclasses.fields(item):
        assert re.search(rf"^(?:\w+, )*{field.name}(?:, \w+)*$", text, re.MULTILINE), field.name


@pytest.mark.parametrize("module", sorted({getattr(statement, name).__module__ for name in statement.__all__}))
def test_examples_run(module):
    result = doctest.testmod(import_module(module), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0
    assert result.attempted > 0


def test_the_package_example_runs():
    result = doctest.testmod(statement)
    assert (result.failed, result.attempted > 0) == (0, True)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        statement.nonsense  # noqa: B018


def test_reading_a_text_loads_nothing_heavy():
    code = (
        "import sys, landlink as ll; ll.statement.read('Both sides will build a road.'); "
        "print(*(sys.modules.keys() & {'numpy', 'pandas', 'numba', 'pyarrow'}))"
    )
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert output.strip() == ""


# Short displays


def columns(line: str) -> int:
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line
    )


@cache
def bundled() -> tuple[statement.Register, statement.Scoreboard]:
    study = bundled_study()
    found = statement.open_register(study.path / "register.yaml")
    return found, statement.score_study(study, found, scenarios=[])


def large_register() -> statement.Register:
    """A register with long, many and wide names of everything."""
    clauses = [
        entry(f"C{number}", strength=number % 6, topics=("rail", "road", f"topic-{number}"), gloss="关于 " * 40)
        for number in range(60)
    ]
    found = register(*clauses)
    source = dataclasses.replace(found.source, title="中吉乌铁路" * 30 + "\nsecond line")
    parties = tuple(f"A{first}{second}" for first in "ABCDE" for second in "ABCDE")
    projects = tuple(statement.Project(f"a-project-with-a-long-name-{number}") for number in range(30))
    return dataclasses.replace(found, source=source, parties=parties, projects=projects)


def large_board() -> statement.Scoreboard:
    found = large_register()
    lines = tuple(statement.ScoreLine(clause, None, statement.Reason("no_target")) for clause in found.clauses)
    cases = tuple((f"case-{number}", "Узбекистан " * 20) for number in range(30))
    return statement.Scoreboard(found, lines, cases)


@pytest.mark.parametrize("make", [lambda: bundled()[0], lambda: bundled()[1], large_register, large_board])
def test_a_repr_fits_on_a_screen(make):
    lines = repr(make()).splitlines()
    assert 1 < len(lines) <= 10
    assert max(map(columns, lines)) <= 80


def test_reprs_say_what_counts():
    found, board = bundled()
    assert repr(found).startswith("Register of 20 clauses, 12 hard\n")
    assert "20 accepted" in repr(found)
    assert repr(board).splitlines()[0] == "Scoreboard of 20 clauses, 1 with a test, 1 of direction only"
    assert "2 met, 0 not met, 1 right way, 17 not testable" in repr(board)
    assert repr(reading()).startswith("Reading of ")


@pytest.mark.parametrize(
    ("text", "shown"), [("短短短", "短…"), ("abcd", "abcd"), ("abcde", "abc…"), ("é" * 3, "é" * 3)]
)
def test_lines_are_cut_by_terminal_columns(text, shown):
    assert fitted(unicodedata.normalize("NFD", text), 4) == unicodedata.normalize("NFD", shown)


class Tables(HTMLParser):
    """Rows of the tables of a fragment, its other elements, and its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.rows: list[list[str]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.elements.append(tag)
        self.attributes += attrs
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.rows and {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def test_a_register_in_a_notebook_counts_strengths_and_topics():
    found, _ = bundled()
    page = Tables(found._repr_html_())
    assert page.open == []
    by_name = {row[0]: row[1:] for row in page.rows}
    for strength, name in enumerate(("none", "stressed", "ready", "will", "pledged", "signed")):
        count = sum(clause.strength == strength for clause in found.clauses)
        assert by_name[name] == [str(count), "0", str(count), "0"]
    security = [clause for clause in found.clauses if "security" in clause.topics]
    assert by_name["security"] == [str(len(security)), str(sum(clause.hard for clause in security))]


def test_a_scoreboard_in_a_notebook_counts_verdicts():
    _, board = bundled()
    rows = Tables(board._repr_html_()).rows
    assert ["observed since the text", "2", "0", "1", "0", "0", "17"] in rows
    assert ["pledged", "1", "0", "0", "0", "0", "1"] in rows
    cases = Tables(large_board()._repr_html_()).rows
    assert sum(row[1:] == ["0", "0", "0", "0", "0", "60"] for row in cases) == 30 + 1


def test_html_is_self_contained_escaped_and_safe_from_right_to_left():
    found = register(trucks(Target("at_least", value=1.0), topics=(HOSTILE,), gloss=HOSTILE))
    found = dataclasses.replace(found, source=dataclasses.replace(found.source, title=HOSTILE), parties=(HOSTILE,))
    line = statement.ScoreLine(found.clauses[0], None, statement.Reason("no_target"))
    board = statement.Scoreboard(found, (line,), (("case", HOSTILE),))
    for item in (found, board):
        text = item._repr_html_()
        page = Tables(text)
        assert page.open == []
        assert set(page.elements) <= {
            "div", "strong", "bdi", "table", "caption", "thead", "tbody", "tr", "th", "td",
        }  # fmt: skip
        assert {name for name, _ in page.attributes} <= {"dir", "lang", "style", "scope"}
        assert "url(" not in text
        # The register's own text stands in elements of their own direction only.
        assert "\u202e" not in re.sub(r"<bdi dir=\"auto\">[^<]*</bdi>", "", text)
