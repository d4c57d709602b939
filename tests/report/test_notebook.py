"""What studies, results and comparisons show in a notebook."""

from __future__ import annotations

import pickle
import re
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pandas as pd

import landlink as ll
from tests.support.bundled import bundled_study
from tests.support.report_fixture import HOSTILE, bare_results, rich_results


class Cells(HTMLParser):
    """Rows of tables as lists of texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._open = tag in ("td", "th")
        if tag == "tr":
            self.rows.append([])
        if self._open:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self._open:
            self.rows[-1][-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._open = False


def test_a_comparison_shows_values_changes_and_units() -> None:
    table = ll.compare(*bare_results()[1:3])
    html = table._repr_html_()
    assert "..." not in html
    head, *rows = Cells(html).rows
    before, after = table.columns[:2]
    assert head[:6] == ["", before, after, "change", "%", "unit"]
    assert head[-1] == "indicator"
    assert [row[-1] for row in rows] == [str(name) for name in table.index[: len(rows)]]
    assert rows[0][5] == table["unit"].iloc[0]
    # Rows are called by their titles, with the names of places; the codes stand at the end.
    assert all(row[0] and "[" not in row[0] for row in rows)
    assert len({row[0] for row in rows}) == len(rows)


def test_what_begins_at_nothing_is_called_new_and_what_ends_there_gone() -> None:
    table = ll.compare(*bare_results()[1:3]).iloc[:3].copy()
    table.iloc[0, :2] = np.nan, 12.0
    table.iloc[1, :2] = 12.0, 0.0
    table.iloc[2, :2] = 8.0, 9.0
    rows = {row[-1]: row for row in Cells(table._repr_html_()).rows}
    assert [rows[str(name)][4] for name in table.index] == ["new", "gone", "+12.5"]


def test_a_comparison_is_a_data_frame_like_any_other() -> None:
    table = ll.compare(*bare_results()[:2])
    assert isinstance(table, pd.DataFrame)
    assert isinstance(table.loc[table.index[:3]], pd.DataFrame)
    restored = pickle.loads(pickle.dumps(table))
    assert restored.equals(table)
    assert str(table.index[0]) in restored._repr_html_()
    assert np.isfinite(table.iloc[:, 0].sum())
    # Frames made of it that are no comparison any more show themselves as pandas does.
    assert "dataframe" in table.describe()._repr_html_()
    assert "dataframe" in table[["unit"]]._repr_html_()


def test_results_show_figures_and_a_map_of_changes() -> None:
    html = ll.Results(bare_results()[1:3])._repr_html_()
    assert html.count("<svg") == 1
    assert 'aria-label="Map of changes' in html
    assert any(row[-1].startswith("total.") for row in Cells(html).rows if row)
    assert ll.Results(bare_results()[:1])._repr_html_().count("<svg") == 1


def test_each_shows_a_map_and_its_names_as_text() -> None:
    result = rich_results()[2]
    for html in (result._repr_html_(), ll.Results([result])._repr_html_()):
        assert "<svg" in html
        assert HOSTILE not in html
    study = bundled_study()
    for html in (study._repr_html_(), study.scenario("cku-2030")._repr_html_()):
        assert "<svg" in html
        assert "<script" not in html


def test_maps_name_the_largest_places_inside_their_picture() -> None:
    result = rich_results()[0]
    nodes = result.tables["node"]
    names = {str(name) for name in nodes["name"]}
    html = result._repr_html_()
    drawn = re.findall(r'<text[^>]*class="t-minor"[^>]*>([^<]+)</text>', html)
    assert 0 < len(drawn) <= 12
    assert all(any(name.startswith(escaped) for name in names) for escaped in map(unescape, drawn))
