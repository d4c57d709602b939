"""Names of indicators: no code of any indicator, with any number of arguments, reaches a reader in any language."""

from __future__ import annotations

import re

import pytest

import landlink  # noqa: F401  registers the indicators of every floor
from landlink.indicators.registry import INDICATORS
from landlink.report import LANGUAGES
from landlink.report.view import views_of
from landlink.report.words import Words
from tests.support.report_fixture import bare_results

#: An argument of each kind, known to the small study.
ARGUMENTS = {
    "origin": "Z1", "destination": "Z2", "country": "AAA", "from": "AAA", "to": "BBB", "crossing": "GATE",
    "family": "road", "mode": "rail", "direction": "ab", "node": "N1", "link": "R1", "commodity": "grain",
    "alternative": "road", "terminal": "some_terminal",
}  # fmt: skip
CODE = re.compile(r"\[|\]|[a-z_]+\.[a-z_]|_")


def names(language: str):
    view = views_of(bare_results()[1:2], Words(language))[0]
    for item in INDICATORS.values():
        for count in range(item.least_arguments, len(item.argument_names) + 1):
            arguments = [ARGUMENTS.get(name, "some_thing") for name in item.argument_names[:count]]
            text = item.with_arguments(*arguments) if arguments else item.name
            yield text, view.indicator_label(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_indicator_is_shown_as_code(language):
    found = dict(names(language))
    assert len(found) > 60
    assert {text: label for text, label in found.items() if CODE.search(label)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_indicators_that_differ_have_names_that_differ(language):
    found = dict(names(language))
    own = {text: label for text, label in found.items() if text.partition("[")[0] not in ("total", "")}
    assert len(set(own.values())) >= 0.9 * len(own)


@pytest.mark.parametrize(
    ("indicator", "name"),
    [
        ("border.tonnes_per_year[AAA,BBB,road]", "Tonnes over the border, AAA → BBB: road"),
        ("crossing.tonnes_per_year[GATE,rail,ab]", "Tonnes at Gate: rail, AAA → BBB"),
        ("crossing.trucks_per_day[GATE,ba]", "Trucks at Gate, BBB → AAA"),
        ("link.tonnes_per_year[R1]", "Tonnes, Westport – Gate"),
        ("od.time_h[Z1,Z2,rail]", "West → East: time, rail"),
        ("ports.mean_delay_h[GATE,some_berth]", "Ports mean delay: Gate, some berth"),
        ("ports.berths_per_day", "Ports berths"),
    ],
)
def test_places_directions_and_unknown_indicators_are_named(indicator, name):
    view = views_of(bare_results()[1:2], Words())[0]
    assert view.indicator_label(indicator) == name


def test_amounts_in_the_study_s_currency_have_the_same_name():
    view = views_of(bare_results()[1:2], Words())[0]
    assert view.indicator_label("od.cost_usd_per_t[Z1,Z2]") == "West → East: monetary cost"
