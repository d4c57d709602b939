"""Ribbons, waterfalls and plots of changes: sizes, places and what is grouped."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from landlink.report.change_plot import Dot, change_plot
from landlink.report.ribbons import LEAST, Caption, Ribbon, grouped, ribbons
from landlink.report.waterfall import Step, waterfall

FLOWS = [Ribbon("A", "B", 60.0), Ribbon("A", "C", 25.0), Ribbon("B", "A", -15.0)]


def drawn(flows: list[Ribbon], *, rtl: bool = False) -> str:
    names = {name: f"Land {name}" for one in flows for name in (one.exporter, one.importer)}
    texts = {(side, name): "1" for side in ("exporter", "importer") for name in names}
    told = dict.fromkeys(flows, "told")
    return str(ribbons("r", flows, Caption("Title", "Description", ("From", "To"), names, texts, told), rtl=rtl))


def heights(svg: str) -> list[float]:
    """Heights of ribbons at their beginning, in the wide drawing."""
    paths = re.findall(r'<path d="M(\S+) (\S+?)C.*? (\S+)Z"', svg.partition('class="slim"')[0])
    return [float(end) - float(begin) for _, begin, end in paths]


def test_ribbons_are_as_wide_as_their_flows() -> None:
    found = sorted(heights(drawn(FLOWS)))
    assert found == pytest.approx([0.15 * 330, 0.25 * 330, 0.6 * 330], abs=0.11)


def test_losses_are_hatched_and_gains_are_full() -> None:
    svg = drawn(FLOWS).partition('class="slim"')[0]
    assert svg.count('fill="url(#r-hatch)"') == 1
    assert svg.count('class="ribbon f-') == 2
    ids = re.findall(r'id="([^"]+)"', drawn(FLOWS))
    assert len(ids) == len(set(ids))


def test_hairlines_are_left_out() -> None:
    tiny = Ribbon("C", "D", 0.5 * LEAST * 100)
    assert len(heights(drawn([*FLOWS, tiny]))) == len(heights(drawn(FLOWS)))


def test_exporters_stand_where_reading_begins() -> None:
    for rtl in (False, True):
        svg = drawn(FLOWS, rtl=rtl).partition('class="slim"')[0]
        begin, end = (float(re.search(rf'<text x="([^"]+)"[^>]*>{head}<', svg)[1]) for head in ("From", "To"))  # type: ignore[index]
        assert (begin < end) != rtl


def test_small_countries_become_one_and_nothing_is_lost() -> None:
    many = [
        Ribbon(f"E{i}", f"I{j}", (1 if (i + j) % 3 else -1) * 2.0 ** -(i + j)) for i in range(10) for j in range(10)
    ]
    found = grouped(many, most=4, least=0.0)
    assert len({one.exporter for one in found}) == 5
    assert len({one.importer for one in found}) == 5
    for positive in (True, False):
        sums = [sum(one.value for one in some if (one.value > 0) == positive) for some in (many, found)]
        assert sums[0] == pytest.approx(sums[1])
    assert {one.exporter for one in found} == {"E0", "E1", "E2", "E3", ""}


STEPS = [Step("one", 8.0, "+8"), Step("two", -3.0, "−3"), Step("three", 5.0, "+5")]


@pytest.mark.parametrize("rtl", [False, True])
def test_each_step_begins_where_the_one_before_ends(rtl: bool) -> None:
    svg = str(waterfall("w", "T", "D", STEPS, Step("all", 10.0, "+10"), rtl=rtl))
    bars = [(float(x), float(x) + float(w)) for x, w in re.findall(r'x="([\d.]+)%" width="([\d.]+)%"', svg)]
    assert len(bars) == 4
    for one, other in pairwise(bars[:3]):
        assert min(abs(a - b) for a in one for b in other) < 0.01
    zero = float(re.search(r'<line x1="([\d.]+)%"', svg)[1])  # type: ignore[index]
    whole = bars[3]
    assert min(abs(zero - end) for end in whole) < 0.01
    assert (whole[1] > zero + 1) != rtl
    assert [svg.count(f'class="{name}"') for name in ("w-more", "w-less", "w-total")] == [2, 1, 1]


def test_steps_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="add up to 10, not to 11"):
        waterfall("w", "T", "D", STEPS, Step("all", 11.0, "+11"), rtl=False)


def test_an_interval_reaches_from_its_low_to_its_high_end() -> None:
    row = Dot("Land", "+2", 2.0, outer=(1.0, 4.0), other=1.5)
    svg = str(change_plot("c", "T", "D", [row], "none", rtl=False))
    ends = re.search(r'<line x1="([\d.]+)%" x2="([\d.]+)%"[^>]*class="r-plain"', svg)
    dots = [float(x) for x in re.findall(r'<circle cx="([\d.]+)%"', svg)]
    assert ends is not None
    low, high = float(ends[1]), float(ends[2])
    assert dots == pytest.approx([low + (high - low) / 6, low + (high - low) / 3], abs=0.01)
    mirrored = str(change_plot("c", "T", "D", [row], "none", rtl=True))
    assert float(re.findall(r'<circle cx="([\d.]+)%"', mirrored)[1]) == pytest.approx(100 - dots[1], abs=0.01)
