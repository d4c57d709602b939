"""Targets, quantities and durations for people: one form in tables, terminal and pages."""

from __future__ import annotations

import pytest

from landlink.report.stated_values import duration_text, number_text, shown_value
from landlink.report.words import LANGUAGES, Words
from landlink.statement.clause import Quantity
from landlink.statement.register_records import Baseline, Target


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Target("at_least", plus_baseline=4.0, unit="lanes"), "≥ baseline + 4 lanes"),
        (Target("at_most", plus_baseline=-0.5), "≤ baseline − 0.5"),
        (Target("equal", 350_000_000.0, unit="CNY"), "= 350,000,000 CNY"),
        (Target("at_least", times_baseline=2.0), "≥ 2 × baseline"),
        (Target("increase"), "↑"),
        (Quantity(2.5e7, "USD", 0, 3), "25,000,000 USD"),
        (Quantity(12.5, "percent", 0, 3), "12.5%"),
        (Quantity(3.0, "times", 0, 3), "3 × baseline"),
        (Baseline(1200.0, year=2023), "1,200 (2023)"),
        (("road", "rail"), "road, rail"),
        (1.23e-6, "0.00000123"),
        ("P2Y", "2 years"),
        ("present", "present"),
        (None, ""),
    ],
)
def test_values_are_told_in_words(value, told):
    assert shown_value(value, Words("en")) == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_durations_and_numbers_have_words_in_every_language(language):
    words = Words(language)
    for unit in "YMWD":
        for count in (1, 2, 3, 5, 11, 21, 100):
            told = duration_text(f"P{count}{unit}", words)
            assert told
            assert not set("P#|") & set(told)
    assert "e" not in number_text(2.5e7, words)
    assert duration_text("P21M", Words("ru")) == "21 месяц"
