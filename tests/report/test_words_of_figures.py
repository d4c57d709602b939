"""Figures as pages write them: alike in all scales, large ratios as multiples, units of ten thousand in Chinese."""

from __future__ import annotations

import re

import pytest

from landlink.report.intervals import Figure, interval_text
from landlink.report.labels import text_width
from landlink.report.standalone import Sign, standalone
from landlink.report.svg import tag
from landlink.report.words import Words


@pytest.mark.parametrize(("value", "text"), [(4.665, "4.67"), (46.65, "46.7"), (466.5, "467"), (-46.65, "−46.7")])
def test_halves_are_rounded_alike_in_all_scales(value, text):
    assert Words("en").number(value) == text


@pytest.mark.parametrize(("scale", "text"), [(1.0, "4.67 (4.57 … 4.77)"), (10.0, "46.7 (45.7 … 47.7)")])
def test_intervals_are_rounded_like_single_figures(scale, text):
    written = interval_text(Words("en"), Figure(4.665 * scale, 4.565 * scale, 4.765 * scale, ""))
    assert re.sub(r"[\u2066-\u2069]", "", written).replace(" to ", " … ") == text


def test_chinese_counts_money_by_ten_thousands():
    words = Words("zh")
    assert words.rough(4.1, "million USD/year") == "410\u00a0万美元/年"
    assert words.quantity(4665, "million USD") == "46.7\u00a0亿美元"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.004, "+0.4%"), (9.5, "+950%"), (10.25, "×11"), (302.9, "×300"), (131510.0, "> ×1,000"), (-0.5, "−50%")],
)
def test_changes_of_more_than_ten_times_are_multiples(share, text):
    assert Words("en").percent(share, signed=True) == text


def test_an_interval_that_rounds_to_one_figure_is_that_figure():
    words = Words("en")
    assert "(" in interval_text(words, Figure(5.0, 4.0, 6.0, "h"))
    assert "(" not in interval_text(words, Figure(5.0, 5.0, 5.0, "h"))


@pytest.mark.parametrize(("value", "text"), [(0.00011, "<\u00a00.01"), (0.0, "0"), (0.013, "0.013"), (12.3, "12")])
def test_flows_of_next_to_nothing_are_written_as_such(value, text):
    assert Words("en").small_number(value) == text


def test_very_large_and_very_small_figures_are_written_too():
    assert Words("en").number(1e30).count(",") == 10
    assert Words("en").rough_number(0.0) == "0"
    assert Words("en").rough_number(-4e-8) == "0"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Kashgar-Torugart (523-305-50", "Kashgar-Torugart"),
        ("Gulf (Bandar Abbas)", "Gulf (Bandar Abbas)"),
        ("(x", "(x"),
    ],
)
def test_a_bracket_that_a_source_cut_off_is_not_shown(name, shown):
    assert Words("en").name({"name": name}) == shown


def test_the_titles_and_legends_of_pictures_stay_inside():
    title, sign = "A long title of a picture " * 8, "a long name of a result " * 12
    picture = standalone(title, tag("svg"), (400.0, 100.0), [Sign(tag("g"), 26, sign)], "")
    lines = re.findall(r"<text[^>]*>([^<]*)</text>", picture.svg)
    assert " ".join(lines).split() == (title + sign).split()
    assert all(text_width(line, 14.0) <= 400 for line in lines)
