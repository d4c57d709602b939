"""The section on freight within countries: there with such freight only, and in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.core.languages import LANGUAGES
from tests.support.domestic_study import domestic_study


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ll.Result]:
    folder: Path = tmp_path_factory.mktemp("domestic")
    settings = {"off": "[demand]\ndomestic = false\n", "on": ""}
    return {name: ll.solve(ll.open_study(domestic_study(folder / name, text))) for name, text in settings.items()}


def page(tmp_path: Path, *results: ll.Result, language: str = "en") -> str:
    return ll.report(list(results), tmp_path / "page.html", language=language, force=True).read_text(encoding="utf-8")


def test_without_domestic_freight_there_is_no_section(results: dict[str, ll.Result], tmp_path: Path) -> None:
    assert 'id="domestic"' not in page(tmp_path, results["off"])


def test_the_share_of_a_country_is_that_of_its_links(results: dict[str, ll.Result], tmp_path: Path) -> None:
    link = results["on"]["link"].query("family in ('road', 'rail')")
    total = (link["tonnes_per_year"] * link["length_km"]).sum()
    within = (link["domestic_tonnes_per_year"] * link["length_km"]).sum()
    text = page(tmp_path, results["on"])
    assert f"Today: {100 * within / total:.0f}% of the tonne-kilometres on roads and railways of the region" in text
    assert "Middle" in text[text.index('id="domestic"') :]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_section(results: dict[str, ll.Result], tmp_path: Path, language: str) -> None:
    text = page(tmp_path, results["off"], results["on"], language=language)
    assert 'id="domestic"' in text
    section = text[text.index('id="domestic"') :]
    assert "domestic." not in section[: section.index("</section>")]
