"""The docs do what they say: their examples run, and their reference pages name everything there is."""

from __future__ import annotations

import dataclasses
import doctest
import importlib
import inspect
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

import landlink as ll
from landlink.cli import main
from landlink.indicators.registry import INDICATORS
from landlink.statement.register_schema import SCHEMAS
from landlink.study.settings import Settings, read_settings
from landlink.tables.outputs import OUTPUTS
from landlink.tables.schemas import TABLES
from tests.support.made_once import made_once
from tests.support.shared_solves import shared_solves
from tests.support.small_study import write_small_study

DOCS = Path(__file__).parents[2] / "docs"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

_FENCE = re.compile(
    r"^```(?:\{code-block\} )?(?P<language>\w+)\n(?P<options>(?::[^\n]*\n)*)(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    options: str
    body: str

    @property
    def file(self) -> str:
        """File that the block shows in full."""
        found = re.search(r":caption: (\S+)", self.options)
        return found[1] if found else ""


def blocks(page: str) -> Iterator[Block]:
    for found in _FENCE.finditer((DOCS / page).read_text(encoding="utf-8")):
        yield Block(found["language"], found["options"], found["body"].lstrip("\n"))


class Reader:
    """Someone who reads a page and does all that it says, in the present folder."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys
        self.names: dict[str, object] = {}
        self.done = 0

    def follow(self, page: str) -> None:
        before = self.done
        for block in blocks(page):
            if block.file:
                self.write(block)
            elif block.language == "sh" and not block.options:
                for line in block.body.splitlines():
                    assert self.run(line)[0] == 0, line
            elif block.language == "console":
                self.talk(block.body)
            elif block.language == "python":
                exec(compile(block.body, page, "exec"), self.names)
            elif block.language == "pycon":
                self.ask(block.body, page)
            else:
                continue
            self.done += 1
        assert self.done > before, f"{page} holds nothing to do"

    def write(self, block: Block) -> None:
        file = Path(block.file)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.body, encoding="utf-8")

    def run(self, line: str) -> tuple[int, str]:
        """Exit code and all that was printed."""
        program, *words = shlex.split(line)
        assert program == "landlink"
        self.capsys.readouterr()
        code = main(words)
        printed = self.capsys.readouterr()
        return code, printed.out + printed.err

    def talk(self, body: str) -> None:
        """Commands after ``$``, each followed by what it prints."""
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            line, _, expected = part.partition("\n")
            code, printed = self.run(line)
            assert doctest.OutputChecker().check_output(expected, printed, FLAGS), f"{line}\n{printed}"
            assert code == (2 if expected.startswith("landlink:") else 0), line

    def ask(self, body: str, page: str) -> None:
        test = doctest.DocTestParser().get_doctest(body, self.names, page, page, 0)
        failed = doctest.DocTestRunner(optionflags=FLAGS, verbose=False).run(
            test, out=sys.stderr.write, clear_globs=False
        )
        self.names |= test.globs
        assert not failed.failed, self.capsys.readouterr().err


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Reader]:
    """A reader in an empty folder; what another page has solved of the same study is not solved again."""
    monkeypatch.chdir(tmp_path)
    with shared_solves():
        yield Reader(capsys)


@pytest.mark.slow
def test_the_tour_can_be_followed(reader: Reader) -> None:
    reader.follow("tour.md")
    assert Path("report.html").stat().st_size > 100_000


@pytest.mark.slow
def test_chains_and_notebooks_work_as_the_pages_say(reader: Reader) -> None:
    reader.follow("chain.md")
    reader.follow("notebook.md")
    assert all(Path(name).is_file() for name in ("chain.html", "chain.svg", "flows.svg", "changes.svg", "modes.html"))


@pytest.mark.slow
def test_a_planners_first_question_is_answered_as_the_page_says(reader: Reader) -> None:
    reader.follow("first-question.md")
    assert Path("brief.html").stat().st_size > 10_000


@pytest.mark.slow
def test_emissions_are_exported_as_the_page_says(reader: Reader) -> None:
    reader.follow("iso-14083.md")
    assert Path("activities.json").stat().st_size > 10_000


@pytest.fixture
def own_study(reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """The reader, and in the present folder all that the page about one's own study makes."""

    def follow(folder: Path) -> None:
        monkeypatch.chdir(folder)
        reader.follow("own-study.md")

    shutil.copytree(made_once("own-study", follow), tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return reader


def test_a_study_grows_from_nothing_as_the_pages_say(own_study: Reader) -> None:
    own_study.follow("measures.md")


def test_planners_questions_are_answered_as_the_page_says(own_study: Reader) -> None:
    own_study.follow("planning-indicators.md")


def test_emissions_are_read_as_the_page_says(own_study: Reader) -> None:
    own_study.follow("emissions.md")


def test_a_border_can_be_described_and_health_rules_weighed_as_the_pages_say(own_study: Reader) -> None:
    own_study.follow("border-tables.md")
    own_study.follow("border-health.md")


@pytest.mark.slow
def test_a_study_is_calibrated_as_the_page_says(reader: Reader) -> None:
    reader.follow("calibrate-a-study.md")
    assert Path("fit.html").stat().st_size > 10_000
    assert '<section id="fit"' in Path("report.html").read_text(encoding="utf-8")


def test_measures_are_appraised_as_the_page_says(own_study: Reader) -> None:
    own_study.follow("appraisal.md")
    assert ll.open_appraisal("railway-appraisal").terms.measures == ("railway",)


def test_the_mathematics_of_appraisal_are_as_the_page_says(reader: Reader) -> None:
    reader.follow("appraisal-methods.md")


@pytest.mark.slow
def test_the_tutorial_on_trade_can_be_followed(reader: Reader) -> None:
    reader.follow("trade-tutorial.md")
    assert Path("steps.csv").read_text(encoding="utf-8").count("\n") == 13


def test_trade_answers_as_the_page_says(reader: Reader) -> None:
    reader.follow("trade.md")
    assert reader.done >= 4


@pytest.mark.skipif(find_spec("pyfixest") is None, reason="needs pyfixest: pip install 'landlink[estimate]'")
def test_gravity_is_estimated_as_the_page_says(reader: Reader) -> None:
    reader.follow("gravity.md")
    assert reader.done >= 7


def test_energy_and_emissions_are_found_as_the_page_says(reader: Reader) -> None:
    reader.follow("carbon.md")


def test_response_units_are_sited_as_the_page_says(reader: Reader) -> None:
    reader.follow("response.md")
    assert Path("response.csv").is_file()


@pytest.mark.slow
def test_green_measures_are_ranked_as_the_page_says(reader: Reader) -> None:
    reader.follow("green-measures.md")
    assert Path("curve.svg").is_file()
    assert Path("results/priced/result.json").is_file()
    assert reader.done >= 1


def test_closures_cost_what_the_page_says(reader: Reader) -> None:
    reader.follow("criticality.md")
    assert Path("criticality.csv").is_file()


def test_disturbances_cost_a_year_what_the_page_says(reader: Reader) -> None:
    """On the study of the page on closures, with hazards and an event."""
    for block in blocks("criticality.md"):
        if block.file:
            reader.write(block)
    reader.follow("resilience.md")
    assert Path("resilience/result/result.json").is_file()
    assert Path("replay.csv").is_file()


@pytest.mark.slow
def test_torugart_closes_in_winter_as_the_page_says(reader: Reader) -> None:
    reader.follow("torugart-in-winter.md")
    assert Path("torugart.csv").read_text(encoding="utf-8").count("\n") > 30


def test_researchers_can_follow_their_page(reader: Reader) -> None:
    reader.follow("assign.md")
    assert Path("congested.omx").exists()


@pytest.mark.slow
@pytest.mark.skipif(find_spec("landlink.statement.reading") is None, reason="no reader of texts")
def test_a_text_becomes_a_scoreboard_as_the_page_says(reader: Reader) -> None:
    reader.follow("statement.md")
    assert reader.names["board"]
    assert Path("scoreboard.csv").exists()
    assert Path("review.html").exists()


@pytest.mark.slow
def test_trade_and_freight_are_solved_together_as_the_page_says(reader: Reader) -> None:
    reader.follow("joint-equilibrium.md")
    assert reader.done >= 1
    assert ll.open_result("trade/cku-2030").provenance.trade.converged


def test_three_people_review_a_text_as_the_page_says(reader: Reader) -> None:
    reader.follow("statement-review.md")
    assert Path("anna.html").exists()
    assert Path("merged.yaml").exists()


def test_statements_are_compared_and_tracked_as_the_page_says(reader: Reader) -> None:
    reader.follow("statement-over-time.md")
    assert '<mark class="gone">' in Path("comparison.html").read_text(encoding="utf-8")


def test_settings_page_explains_every_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS / "_ext"))
    (example,) = (block for block in blocks("reference/settings.md") if block.file == "study.toml")
    path = tmp_path / "study.toml"
    path.write_text(example.body, encoding="utf-8")
    settings = read_settings(path)
    for field in dataclasses.fields(Settings):
        default = field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
        assert getattr(settings, field.name) != default, f"the example leaves {field.name} out"
    text = "\n".join(importlib.import_module("reference_pages").PAGES["settings"]())
    for key in re.findall(r"^(\w+) = ", example.body, re.MULTILINE):
        translated = re.fullmatch(r"(?:(?:headline_)?title|disclaimer)_\w\w", key)
        assert f"`{key}`" in text or translated, f"{key} is not explained"


def test_results_page_explains_what_a_result_says_of_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS / "_ext"))
    result = ll.solve(ll.open_study(write_small_study(tmp_path / "study")))
    text = "\n".join(importlib.import_module("reference_pages").PAGES["provenance"]())
    parts = result.provenance.as_dict()
    assert [key for part in parts.values() for key in part or () if f"`{key}`" not in text] == []
    assert [name for name in result.tables if name not in OUTPUTS] == []


def test_python_page_lists_every_public_name() -> None:
    text = (DOCS / "reference/python.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"auto\w+:: landlink\.(\w+)$", text, re.MULTILINE))
    packages = {name for name in ll.__all__ if inspect.ismodule(getattr(ll, name))}
    assert listed == set(ll.__all__) - {"__version__"} - packages
    assert [name for name in packages if f"`landlink.{name}`" not in text] == []


def test_every_page_has_its_place_in_the_contents() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    sources = [path for suffix in ("md", "ipynb") for path in DOCS.rglob(f"*.{suffix}")]
    pages = {
        str(path.relative_to(DOCS).with_suffix("")) for path in sources if not {"generated", "_build"} & {*path.parts}
    }
    named = {line for line in index.splitlines() if line in pages}
    assert {page for page in pages - named if not page.startswith("study/")} == {"index"}


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("tables", [column.name for table in TABLES.values() for column in table.columns]),
        ("indicators", list(INDICATORS)),
        ("register", [field.name for fields in SCHEMAS.values() for field in fields]),
        (
            "commands",
            [
                "demo",
                "border simulate",
                "border recover",
                "init",
                "check",
                "run",
                "calibrate",
                "report",
                "export",
                "assign",
                "skim",
                "statement score",
            ],
        ),
    ],
)
def test_reference_pages_name_everything(page: str, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(DOCS / "_ext")
    text = "\n".join(importlib.import_module("reference_pages").PAGES[page]())
    assert [name for name in names if name not in text] == []


def test_equations_become_mathml(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command that an equation uses is known: an unknown one would show as a word."""
    convert = pytest.importorskip("latex2mathml.converter").convert
    for page in DOCS.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        for equation in re.findall(r"^\$\$\n(.*?)\n\$\$$", text, re.MULTILINE | re.DOTALL):
            shown = convert(equation)
            assert "\\" not in shown, f"{page.name}: {equation}"


@pytest.mark.slow
def test_built_pages_load_nothing_from_other_hosts() -> None:
    for package in ("sphinx", "furo", "myst_parser", "latex2mathml", "nbclient", "ipykernel"):
        pytest.importorskip(package, reason="the docs need the extra `docs`")
    # Where `make docs` builds them: only what has changed since is built again.
    html = DOCS / "_build" / "html"
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", DOCS, html]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    loaded = re.compile(
        r"""<(?:script|img|iframe|source|video)\b[^>]*\bsrc="(?P<a>[^"]+)|<link\b[^>]*\bhref="(?P<b>[^"]+)"""
        r"""|url\(["']?(?P<c>[^"')]+)|@import ["'](?P<d>[^"']+)"""
    )
    pages = [file for file in html.rglob("*") if file.suffix in (".html", ".css")]
    assert len(pages) > 20
    found = {
        name for file in pages for match in loaded.finditer(file.read_text("utf-8")) for name in match.groups() if name
    }
    assert found
    assert [name for name in found if re.match(r"(?:\w+:)?//", name)] == []
