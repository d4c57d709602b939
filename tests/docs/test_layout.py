"""The drawing of the floors shows the import contract: every layer of it and nothing else."""

from __future__ import annotations

import importlib
import re
import shutil
import tomllib
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "layout.md"
SVG = "{http://www.w3.org/2000/svg}"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture
def floors(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    pytest.importorskip("sphinx", reason="the docs need the extra `docs`")
    monkeypatch.syspath_prepend(ROOT / "docs" / "_ext")
    return importlib.import_module("floors")


@pytest.fixture
def planned(floors: ModuleType) -> dict[str, str]:
    (body,) = re.findall(r"^```\{floors\}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return floors.planned_purposes(body.splitlines())


@pytest.fixture
def svg(floors: ModuleType, planned: dict[str, str]) -> str:
    html = floors.drawing(floors.read_floors(ROOT, planned))
    return html[html.index("<svg") : html.index("</div>")]


def layers() -> list[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (contract,) = (one for one in contracts if one["type"] == "layers")
    return contract["layers"]


def test_drawing_names_exactly_the_layers_of_the_contract(svg: str) -> None:
    drawn = ET.fromstring(svg)
    rows: dict[float, list[str]] = {}
    for group in drawn.findall("g"):
        box, name = group.find("rect"), group.find("text[@class='floor-name']")
        if box is not None and name is not None:
            dashed = "planned" in group.get("class", "").split()
            rows.setdefault(float(box.get("y", "")), []).append(f"({name.text})" if dashed else str(name.text))
    from_the_top = [" | ".join(names) for _, names in sorted(rows.items())]
    assert from_the_top == layers()


def test_every_floor_is_in_the_text_alternative_with_its_purpose(svg: str) -> None:
    drawn = ET.fromstring(svg)
    assert drawn.get("role") == "img"
    described = drawn.findtext("desc") or ""
    for name in re.findall(r"\w+", " ".join(layers())):
        assert re.search(rf"\b{name}(?: \(planned\))?: \S", described), name


def test_floors_in_parentheses_are_not_built(floors: ModuleType) -> None:
    """A floor that has been built loses its parentheses, so that the contract requires it."""
    package = ROOT / "src" / "landlink"
    optional = [name for row in floors.contract_layers(ROOT) for name, optional in row if optional]
    assert [name for name in optional if (package / name).exists() or (package / f"{name}.py").exists()] == []


def test_a_floor_without_a_purpose_is_an_error(floors: ModuleType, planned: dict[str, str]) -> None:
    name = next(iter(planned))
    without = {key: purpose for key, purpose in planned.items() if key != name}
    with pytest.raises(floors.ContractError, match=f"nothing says what {name} is for"):
        floors.read_floors(ROOT, without)


def test_a_purpose_for_a_floor_that_is_built_is_an_error(floors: ModuleType, planned: dict[str, str]) -> None:
    with pytest.raises(floors.ContractError, match="not a planned floor: core"):
        floors.read_floors(ROOT, planned | {"core": "everything"})


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_no_words_leave_their_box(svg: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need the package playwright")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1000, "height": 1200})
        style = (ROOT / "docs" / "_static" / "landlink.css").read_text(encoding="utf-8")
        page.set_content(f'<style>body {{ font-family: sans-serif }} {style}</style><div class="floors">{svg}</div>')
        outside = page.evaluate(
            """() => [...document.querySelectorAll(".floor")].flatMap(floor => {
                const box = floor.querySelector("rect").getBBox();
                return [...floor.querySelectorAll("text")].filter(text => {
                    const words = text.getBBox();
                    return words.x + words.width > box.x + box.width || words.y + words.height > box.y + box.height;
                }).map(text => text.textContent);
            })"""
        )
        drawn = page.evaluate("document.querySelectorAll('.floor text').length")
        browser.close()
    assert drawn > len(layers())
    assert outside == []
