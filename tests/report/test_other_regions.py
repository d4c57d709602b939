"""Reports on studies of other regions, without boundaries of their own."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import landlink as ll
from landlink.core.errors import UnknownNameError
from landlink.report.view import views_of
from landlink.report.words import Words
from landlink.results.result import Result
from tests.support.other_regions import EAST_AFRICA, PACIFIC, write_study
from tests.support.report_fixture import rich_results


@cache
def solved(name: str) -> Result:
    with TemporaryDirectory() as folder:
        files = {"ea": EAST_AFRICA, "pacific": PACIFIC}[name]
        return ll.solve(ll.open_study(write_study(Path(folder) / "study", files)))


def maps(tmp_path: Path, name: str, **options: str) -> str:
    """The section of flow maps."""
    text = ll.report([solved(name)], tmp_path / "report.html", **options).read_text(encoding="utf-8")
    return text[text.index('<section id="flows"') :].partition("</section>")[0]


def labels(svg: str) -> set[str]:
    return set(re.findall(r"<text[^>]*>([^<]+)</text>", svg))


def test_zones_gateways_and_ports_are_named_on_the_map_and_its_inset(tmp_path):
    drawn = maps(tmp_path, "ea")
    first = drawn.partition("</svg></figure>")[0]
    region = first[: first.index("</figure>")]
    assert {"Mombasa", "Nairobi", "Kampala", "Kigali", "Malaba", "Gatuna"} <= labels(region)
    inset = region[region.index('class="inset"') :]
    assert {"Europe by Rotterdam", "East Asia by Shanghai"} <= labels(inset)
    assert 'class="located"' in inset
    assert "Inset: zones beyond this map" in drawn


def test_countries_are_named_without_boundaries_of_the_study(tmp_path):
    assert {"Kenya", "Uganda", "Rwanda"} <= labels(maps(tmp_path, "ea"))
    assert {"Kenya", "Ouganda", "Rwanda"} <= labels(maps(tmp_path, "ea", language="fr"))
    assert {"肯尼亚", "乌干达", "卢旺达"} <= labels(maps(tmp_path, "ea", language="zh"))
    assert {"Fiji", "Tonga", "Samoa"} <= labels(maps(tmp_path, "pacific"))


def test_a_map_over_the_antimeridian_stays_in_one_piece(tmp_path):
    drawn = maps(tmp_path, "pacific")
    assert {"Suva", "Labasa", "Apia", "New Zealand"} <= labels(drawn)
    for path in re.findall(r'<path d="(M[^"]+)" class="c-', drawn):
        xs = [float(x) for x in re.findall(r"[ML](-?[\d.]+) ", path)]
        assert max(xs) - min(xs) < 2500  # a line round the world would be some twenty times as long as the map is wide


def test_indicators_and_legs_name_countries_in_the_language():
    view = views_of([solved("ea")], Words("es"))[0]
    assert view.name("country", "KEN") == "Kenia"
    assert view.indicator_label("country.tkm_per_year[RWA,road]") == "Toneladas-kilómetro, Ruanda: carretera"
    assert view.name("country", "ZZZ") == "ZZZ"


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Westland"), ("ru", "Западная"), ("ar", "\u2068الغرب\u2069"), ("fr", "Westland")]
)
def test_the_studys_own_names_of_countries_come_first(language, name):
    assert views_of(rich_results()[:1], Words(language))[0].name("country", "AAA") == name


def test_names_in_a_language_that_only_the_study_declares(tmp_path):
    text = ll.report([solved("ea")], tmp_path / "r.html", language="en", names="sw").read_text(encoding="utf-8")
    assert "<title>Ukanda wa Kaskazini: Corridor study report</title>" in text
    assert "Kituo cha Malaba" in text
    assert "Ulaya" in text
    assert "Kenya" in text
    with pytest.raises(UnknownNameError, match="declares no names in the language 'am'"):
        ll.report([solved("ea")], tmp_path / "no.html", names="am")
    assert not (tmp_path / "no.html").exists()


def test_names_may_be_in_another_language_than_the_text(tmp_path):
    text = ll.report([solved("ea")], tmp_path / "r.html", language="en", names="fr").read_text(encoding="utf-8")
    assert "Europe par Rotterdam" in text
    assert "Border crossings" in text
