"""Charts of chains: files, scripts of writing, what is drawn and what is said."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

import landlink as ll
from landlink.report.chain_labels import LANE, placed_labels
from landlink.report.labels import text_width
from tests.support.chain_study import chain_study

SVG = "{http://www.w3.org/2000/svg}"


@cache
def chain() -> ll.Chain:
    with TemporaryDirectory() as folder:
        study = chain_study(Path(folder) / "study")
        return ll.chain([study.at(2023), study.apply("easy-gate").at(2023)], "Z1", "Z2", "machinery")


def drawing(found: ll.Chain, tmp_path: Path) -> ET.Element:
    return ET.fromstring(found.save(tmp_path / "chain.svg").read_text("utf-8"))


def test_names_at_the_left_end_begin_there() -> None:
    long, short = placed_labels([(20.0, "Балыкчы: автодорога - ж/д 1520 мм"), (500.0, "Gate")], low=2.0)
    assert (long.at_end, short.at_end) == (True, False)
    # As wide as DejaVu Sans draws it.
    assert text_width("Балыкчы: автодорога - ж/д 1520 мм", 12.5) > 240


def test_the_picture_names_what_it_shows(tmp_path: Path) -> None:
    root = drawing(chain(), tmp_path)
    assert root.get("role") == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text == "West → East, Machinery: road"
    assert description is not None
    texts = [text for node in root.iter(f"{SVG}text") for text in [node.text]]
    assert "Gate" in texts
    assert "Time, h" in texts
    assert any("13.3\u00a0h (10.5 to 17.3)" in str(text) for text in texts)
    # One band for each result, and none for money.
    assert len(list(root.iter(f"{SVG}polygon"))) == 2


def test_lines_differ_by_pattern_as_well_as_by_colour(tmp_path: Path) -> None:
    lines = [path for path in drawing(chain(), tmp_path).iter(f"{SVG}path") if path.get("stroke-width") == "2.6"]
    assert len({line.get("stroke") for line in lines}) == len({line.get("stroke-dasharray") for line in lines}) == 2


def test_distance_runs_from_the_right_in_arabic(tmp_path: Path) -> None:
    def ends(found: ll.Chain) -> tuple[float, float]:
        path = next(p for p in drawing(found, tmp_path).iter(f"{SVG}path") if p.get("stroke-width") == "2.4")
        xs = [float(x) for x, _ in re.findall(r"([\d.]+) ([\d.]+)", str(path.get("d")))]
        return xs[0], xs[-1]

    (begin, end), (mirrored, last) = ends(chain()), ends(chain().in_language("ar"))
    assert begin < end
    assert mirrored > last
    assert end - begin == pytest.approx(mirrored - last)


def test_without_percentiles_there_is_no_band_and_the_page_says_so(tmp_path: Path) -> None:
    with TemporaryDirectory() as folder:
        study = chain_study(Path(folder) / "study")
        found = ll.chain(study.what_if("crossing GATE/road: p95_extra_h = 0").at(2023), "Z1", "Z2", alternative="road")
    assert not list(drawing(found, tmp_path).iter(f"{SVG}polygon"))
    assert "No band is drawn" in found.save(tmp_path / "chain.html").read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "ru", "zh", "ky", "ar", "fr", "es", "pt"])
def test_a_page_holds_charts_tables_and_the_method(tmp_path: Path, language: str) -> None:
    text = chain().in_language(language).save(tmp_path / f"{language}.html").read_text("utf-8")
    assert text.count("<svg") >= 1
    assert text.count("<table") == 2
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    assert "{" not in re.sub(r"<(style|script)[^>]*>.*?</\1>", "", text, flags=re.DOTALL)


def test_the_table_is_written_as_it_is(tmp_path: Path) -> None:
    written = pd.read_csv(chain().save(tmp_path / "chain.csv"), keep_default_na=False)
    assert written["at_h"].tolist() == pytest.approx(chain().table["at_h"].tolist())
    assert set(written["result"]) == {"Today", "2023: Faster checks at the Gate"}


def test_foreign_files_and_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ll.OutputError, match=r"\.html, \.svg, \.csv"):
        chain().save(tmp_path / "chain.png")
    (tmp_path / "mine.svg").write_text("<svg/>")
    with pytest.raises(ll.OutputError):
        chain().save(tmp_path / "mine.svg")
    assert chain().save(tmp_path / "mine.svg", force=True).is_file()
    # What it wrote itself it replaces.
    assert chain().save(tmp_path / "mine.svg").is_file()


def test_a_notebook_shows_the_charts_as_images() -> None:
    assert chain()._repr_html_().count('<img src="data:image/svg+xml;base64,') == 1
    assert "Today, road: 200 km, 13.3 h" in repr(chain())


def test_names_of_stops_keep_off_one_another_and_off_the_lines() -> None:
    stops = [(x, f"Stop number {i}") for i, x in enumerate([5.0, 300.0, 304.0, 320.0, 420.0, 700.0])]
    found = placed_labels(stops, low=2.0)
    assert LANE > 0
    boxes = [(one.end - text_width(one.text, 12.5), one.end, one.lane) for one in found]
    for place, (begin, end, lane) in enumerate(boxes):
        assert begin >= 2.0
        for other_begin, other_end, other_lane in boxes[:place]:
            assert lane != other_lane or begin >= other_end or end <= other_begin
        # A line comes down from its own lane through all below.
        assert not any(lane < one.lane and begin < one.x < end for one in found)


def test_a_place_on_two_lines_is_named_once() -> None:
    assert len(placed_labels([(300.0, "Gate"), (303.0, "Gate"), (500.0, "Gate")], low=0.0)) == 2
