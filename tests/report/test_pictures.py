"""Maps and plots of results: what they draw, that they stand by themselves, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import landlink as ll
from landlink.formats.picture import Picture
from tests.support.report_fixture import HOSTILE, bare_results, rich_results

SVG = "{http://www.w3.org/2000/svg}"


def texts(picture: Picture, tmp_path: Path) -> list[str]:
    root = ET.fromstring(picture.save(tmp_path / "picture.svg").read_text("utf-8"))
    # What is drawn, without the tooltips.
    return [(node.text or "") + "".join(child.tail or "" for child in node) for node in root.iter(f"{SVG}text")]


def test_a_map_names_places_modes_and_widths(tmp_path: Path) -> None:
    picture = rich_results()[0].map()
    found = texts(picture, tmp_path)
    assert picture.title in found
    assert "Eastport" in found
    assert {"road", "rail"} <= set(found)
    assert any(text.endswith("t/year") for text in found)
    # Pictures need no style sheet of a page, and load nothing.
    assert ".flows path" in picture.svg
    assert "@media" not in picture.svg
    assert not re.search(r'(href|src)="http', picture.svg)


def test_a_map_of_changes_shows_gains_and_losses(tmp_path: Path) -> None:
    before, after = bare_results()[1], bare_results()[3]
    picture = after.map(baseline=before)
    assert before.label in picture.title
    assert any(text.startswith("+") for text in texts(picture, tmp_path))
    assert 'class="gain"' in picture.svg
    cases = ll.Results([before, after])
    assert cases.map().svg == picture.svg


def test_bars_are_sorted_and_hold_every_result(tmp_path: Path) -> None:
    cases = ll.Results(bare_results()[:2])
    found = texts(cases.plot("crossing.tonnes_per_year[*]"), tmp_path)
    tonnes = {way: cases[0].indicator(f"crossing.tonnes_per_year[GATE,{way}]") for way in ("road", "rail")}
    # What all names begin with is said once; the figures are those of the results, in thousands.
    assert any(text.startswith("Tonnes at Gate (thousand") for text in found)
    assert [text for text in found if text in tonnes] == sorted(tonnes, key=lambda way: -tonnes[way])
    assert f"{tonnes['road'] / 1e3:.0f}" in found
    assert all(any(result.label in text for text in found) for result in cases)
    one = texts(cases[0].plot("crossing.tonnes_per_year[*]", most=1), tmp_path)
    assert not any("rail" in text for text in one)
    assert "1 more, all smaller, are not drawn." in one


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    for picture in (rich_results()[0].map(), rich_results()[0].plot("crossing.tonnes_per_year[*]")):
        assert HOSTILE not in picture.svg
        ET.fromstring(picture.save(tmp_path / "picture.svg").read_text("utf-8"))


@pytest.mark.parametrize("language", ["ar", "zh"])
def test_pictures_speak_other_languages(language: str) -> None:
    result = rich_results()[0]
    assert result.map(language=language).svg != result.map().svg
    assert result.plot(language=language).svg != result.plot().svg


def test_what_cannot_be_drawn_is_named(tmp_path: Path) -> None:
    result = bare_results()[0]
    with pytest.raises(ll.UnknownNameError, match="did you mean 'region'"):
        result.map(window="regoin")
    with pytest.raises(ll.UnknownNameError, match=r"did you mean 'crossing\.trucks_per_day'"):
        result.plot("crossing.truck_per_day[*]")
    with pytest.raises(ll.UnknownNameError, match="several units"):
        result.plot("total.*")
    with pytest.raises(ll.UnknownNameError, match="language"):
        result.map(language="xx")
    with pytest.raises(ll.OutputError, match="Inkscape"):
        result.map().save(tmp_path / "map.png")


def test_a_picture_is_saved_as_drawing_or_page_and_replaces_only_its_own(tmp_path: Path) -> None:
    picture = bare_results()[0].plot()
    assert picture.save(tmp_path / "plot.html").read_text("utf-8").startswith("<!doctype html>")
    assert picture.save(tmp_path / "plot.html").is_file()
    (tmp_path / "mine.svg").write_text("<svg/>")
    with pytest.raises(ll.OutputError):
        picture.save(tmp_path / "mine.svg")
    assert picture._repr_html_().startswith('<img src="data:image/svg+xml;base64,')


def test_a_drawing_is_the_same_every_time() -> None:
    first, second = (bare_results()[0].map().svg for _ in range(2))
    assert first == second
