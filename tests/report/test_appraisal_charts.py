"""Bars that add up, and distributions whose shade is a probability."""

from __future__ import annotations

import re

import numpy as np
import pytest

from landlink.report.charts import Swing, tornado
from landlink.report.distribution import Mark, distribution
from landlink.report.gain_bars import Stack, bar_key, gain_bars
from landlink.report.labels import text_width, wrapped

NAMES = {"shippers": "Shippers", "governments": "Governments", "climate": "Climate"}


def widths(drawn: str, class_: str) -> list[float]:
    """Widths of the bars of a class, in percent."""
    bars = re.findall(r"<rect[^>]*>", drawn)
    return [float(found[1]) for bar in bars if class_ in bar and (found := re.search(r'width="([\d.]+)%"', bar))]


def row(name: str, *values: float) -> Stack:
    parts = dict(zip(NAMES, values, strict=True))
    return Stack(name, f"{sum(values):g}", parts, {key: f"{one:g}" for key, one in parts.items()})


@pytest.mark.parametrize("rtl", [False, True])
def test_bars_are_as_wide_as_their_parts_and_share_a_scale(rtl: bool) -> None:
    drawn = gain_bars("x", "t", "d", [row("A", 6.0, -3.0, 1.0), row("B", 0.0, 2.0, -1.0)], NAMES, rtl=rtl)
    blue, orange, green = (widths(drawn, f"f-{colour}") for colour in ("blue", "orange", "green"))
    assert np.allclose(np.array([*blue, *orange, *green]), 94.0 / 10.0 * np.array([6.0, 3.0, 2.0, 1.0, 1.0]), atol=2e-3)


@pytest.mark.parametrize("rtl", [False, True])
def test_losses_lie_before_the_line_of_nothing(rtl: bool) -> None:
    drawn = str(gain_bars("x", "t", "d", [row("A", 6.0, -3.0, 1.0)], NAMES, rtl=rtl))
    line = float(re.search(r'<line x1="([\d.]+)%"[^>]*class="rule"', drawn)[1])  # type: ignore[index]
    bars = re.findall(r'<rect y="19" height="16" class="stack (f-\w+)" x="([\d.]+)%" width="([\d.]+)%"', drawn)
    for colour, x, width in bars:
        beyond = float(x) >= line - 1e-2 if not rtl else float(x) + float(width) <= line + 1e-2
        assert beyond == (colour != "f-orange")


def test_a_sum_has_its_mark_where_it_is_and_its_interval() -> None:
    one = Stack("A", "4", {"shippers": 6.0, "governments": -2.0}, {"shippers": "6", "governments": "-2"}, 1.0, 8.0)
    drawn = str(gain_bars("x", "t", "d", [one], NAMES, rtl=False))
    x = float(re.search(r'cx="([\d.]+)%"[^>]*class="d-sum"', drawn)[1])  # type: ignore[index]
    assert x == pytest.approx(3.0 + 94.0 * (4.0 + 2.0) / 10.0, abs=2e-3)
    assert drawn.count("r-plain") == 3
    assert str(bar_key(NAMES, "Sum")).count("<li>") == 4


def test_the_shade_of_a_distribution_is_the_probability_of_a_loss() -> None:
    levels = np.linspace(0.001, 0.999, 999)
    values = 50.0 + 100.0 * np.log(levels / (1 - levels))
    pairs = list(zip(levels.tolist(), values.tolist(), strict=True))
    drawn = str(distribution("x", "t", "d", pairs, [Mark(50.0, "P50")], "0", rtl=False))
    bars = re.findall(r'<rect y="[\d.]+" height="([\d.]+)" class="(w-\w+)" x="[\d.]+%" width="([\d.]+)%"', drawn)
    areas = {side: sum(float(h) * float(w) for h, class_, w in bars if class_ == side) for side in ("w-less", "w-more")}
    below = 1.0 / (1.0 + np.exp(0.5))
    assert areas["w-less"] / sum(areas.values()) == pytest.approx(below, abs=0.004)


@pytest.mark.parametrize("values", [[5.0, 6.0, 9.0], [-9.0, -6.0, -5.0], [3.0, 3.0, 3.0]])
def test_distributions_on_one_side_of_nothing_are_drawn(values: list[float]) -> None:
    drawn = str(distribution("x", "t", "d", list(zip([0.1, 0.5, 0.9], values, strict=True)), [], "0", rtl=True))
    assert "nan" not in drawn
    assert ("w-less" in drawn) == (max(values) < 0)


@pytest.mark.parametrize(
    "name",
    [
        "Faster checks and a new terminal at the northern gate of the mountain road: Operation and maintenance",
        "中国－吉尔吉斯斯坦－乌兹别克斯坦铁路在两国边境新建的口岸站及其附属设施的运营和维护费用",
        "\u2068China–Kyrgyzstan–Uzbekistan railway with its stations and tunnels\u2069: الإنشاء",
    ],
)
@pytest.mark.parametrize("rtl", [False, True])
def test_names_of_a_tornado_fit_a_telephone_and_lose_nothing(name: str, rtl: bool) -> None:
    swings = [Swing(name, -1.0, 2.0, "-1", "2"), Swing("Traffic", 0.0, 1.0, "0", "1")]
    drawn = str(tornado("x", "t", "d", swings, base=0.5, base_text="0.5", rtl=rtl))
    lines = re.findall(r'<text[^>]*class="lead plate">([^<]*)</text>', drawn)
    marks = re.compile("[\u2066-\u2069]")
    assert "".join(marks.sub("", "".join(lines)).split()) == "".join(marks.sub("", name + "Traffic").split())
    assert all(text_width(line, 13.0) < 350 for line in lines)
    # Every line closes what it opens, or it would turn the rest of itself around.
    assert all(line.count("\u2068") == line.count("\u2069") for line in lines)
    # Bars follow their names, and none lies on another's.
    at = [float(y) for y in re.findall(r'<text x="[^"]*" y="([\d.]+)" class="lead plate">', drawn)]
    bars = sorted({float(y) for y in re.findall(r'<rect y="([\d.]+)"', drawn)})
    assert at == sorted(at)
    assert at[-2] < bars[0] < at[-1] < bars[1]


def test_words_alone_are_never_broken() -> None:
    assert wrapped("Uninterruptible", 10.0, 13.0) == ["Uninterruptible"]
    assert wrapped("", 10.0, 13.0) == [""]
