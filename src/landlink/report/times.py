"""Section on door-to-door times of the study's selected pairs, by component."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.analysis.chain_profile import LEAST_SHARE, ChainEnds, Profile, with_spread
from landlink.report.chain_figure import framed, leg_tables, notes
from landlink.report.section import Section
from landlink.report.subject import subject_of
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View
from landlink.tables.frames import row_of, texts

__all__ = ["PARTS", "Pair", "best_saving", "pair_label", "pairs_of", "section", "trips"]

Pair = tuple[str, str, str]

#: Components of door-to-door time: column, catalogue key, CSS class.
PARTS = (
    ("run_h", "run", "c-blue"),
    ("stop_h", "stop", "c-sky"),
    ("terminal_h", "terminal", "c-yellow"),
    ("crossing_h", "crossing", "c-vermilion"),
    ("access_h", "access", "c-grey"),
)
#: Relative change of time or money from which the chart of a pair is shown.
_CHANGED: Final = 0.01
_KEY = ["origin_zone_id", "destination_zone_id", "commodity_id"]


@dataclass(frozen=True, slots=True)
class Saving:
    """Change in time and distance for a pair and alternative, from baseline to scenario."""

    pair: Pair
    alternative: str
    view: View
    hours: float
    km: float


def pairs_of(views: Sequence[View]) -> list[Pair]:
    """Return the pairs that any result lists leg by leg, in order."""
    found: dict[Pair, None] = {}
    for view in views:
        origin, destination, commodity = (texts(view.table("leg"), name) for name in _KEY)
        found |= dict.fromkeys(zip(origin, destination, commodity, strict=True))
    return list(found)


def trips(view: View, pair: Pair) -> pd.DataFrame:
    """Return one row per alternative of a pair: hours by component, km and USD/t.

    Averages over routes used if the result has them, otherwise the main route.
    """
    mean = _of_pair(view.journeys, pair)
    if len(mean):
        return mean.drop_duplicates("alternative").set_index("alternative")
    legs = _of_pair(view.table("leg"), pair)
    columns = [*(part[0] for part in PARTS), "distance_km", "money_usd_per_t"]
    sums = legs.groupby("alternative", sort=False)[columns].sum()
    sums["tonnes_per_year"] = legs.groupby("alternative", sort=False).tonnes_per_year.first()
    return sums.assign(time_h=sums[[part[0] for part in PARTS]].sum(axis=1))


def best_saving(views: Sequence[View]) -> Saving | None:
    """Return the largest time saving among all pairs and alternatives in what the report compares."""
    savings = list(_savings(views))
    return max(savings, key=lambda saving: saving.hours, default=None)


def pair_label(view: View, pair: Pair) -> str:
    """Label of a pair: origin, destination and commodity."""
    origin, destination = (view.name("zone", zone) for zone in pair[:2])
    return view.words("times.pair", origin=origin, destination=destination, commodity=view.name("commodity", pair[2]))


def section(views: Sequence[View]) -> Section:
    """Build the section."""
    words = views[0].words
    heading = words("times.heading")
    pairs = pairs_of(views)
    if not pairs:
        return Section("times", heading, "", tag("p", words("times.none")))
    chains = [_chains(views, pair) for pair in pairs]
    blocks = [_block(views, pair, found, index) for index, (pair, found) in enumerate(zip(pairs, chains, strict=True))]
    labels = [pair_label(views[0], pair) for pair in pairs]
    same = [_is_same(views, found) for found in chains]
    body = [
        tag("div", tag("h3", label), block) for label, block, one in zip(labels, blocks, same, strict=True) if not one
    ]
    if any(same):
        told = words("common.list_separator").join(label for label, one in zip(labels, same, strict=True) if one)
        least = words.percent(_CHANGED, decimals=0)
        body.append(tag("p", words("times.same", label=subject_of(views).view.head, least=least, pairs=told)))
        body += [folded(label, block) for label, block, one in zip(labels, blocks, same, strict=True) if one]
    first = notes(ChainEnds(*pairs[0]), chains[0], views)
    return Section("times", heading, _finding(views), join([*body, folded(words("chain.method"), first)]))


def _is_same(views: Sequence[View], chains: Sequence[dict[str, Profile]]) -> bool:
    """Whether a pair's chart of the scenario of the first page is that of its baseline, in time and in money."""
    subject = subject_of(views)
    if subject.baseline is None:
        return False
    name = _drawn_alternatives(chains)[0]
    both = [chains[list(views).index(view)].get(name) for view in (subject.baseline, subject.view)]
    ends = [profile.legs.iloc[-1] for profile in both if profile is not None]
    return len(ends) != 1 and all(
        abs(float(end[column]) - float(ends[0][column])) < _CHANGED * abs(float(ends[0][column]))
        for end in ends[1:]
        for column in ("at_h", "at_usd_per_t")
    )


def _chains(views: Sequence[View], pair: Pair) -> list[dict[str, Profile]]:
    """Profiles of a pair in each result by alternative."""
    found = []
    for view in views:
        legs = _of_pair(view.table("leg"), pair)
        # The tables of a view hold amounts in its currency.
        legs = legs.assign(money_usd_per_t=legs.money_usd_per_t / view.currency.factor("USD/t"))
        tables = {name: view.table(name) for name in ("crossing", "link")}
        seed = view.provenance.run.seed
        by_name = legs.sort_values("leg", kind="stable").groupby("alternative", sort=False)
        found.append({str(name): with_spread(rows.reset_index(drop=True), tables, seed=seed) for name, rows in by_name})
    return found


def _savings(views: Sequence[View]) -> Iterable[Saving]:
    subject = subject_of(views)
    view, baseline = subject.view, subject.baseline
    if baseline is None:
        return
    for pair in pairs_of(views):
        before, after = trips(baseline, pair), trips(view, pair)
        for alternative in after.index.intersection(before.index):
            old, new = before.loc[alternative], after.loc[alternative]
            hours, km = float(old.time_h - new.time_h), float(old.distance_km - new.distance_km)
            yield Saving(pair, str(alternative), view, hours, km)


def _finding(views: Sequence[View]) -> str:
    words = views[0].words
    saving = best_saving(views)
    if saving is not None and saving.hours > 0.5:
        return words(
            "times.saving_title",
            pair=pair_label(saving.view, saving.pair),
            alternative=words.term("mode", saving.alternative),
            saved=words.duration(saving.hours),
            label=saving.view.head,
        )
    if saving is not None:
        return words("times.no_saving_title")
    view = views[0]
    waiting = [(pair, row) for pair in pairs_of(views) for _, row in trips(view, pair).iterrows() if row.time_h > 0]
    if not waiting:
        return ""
    pair, row = max(waiting, key=lambda item: item[1].crossing_h / item[1].time_h)
    share = words.percent(float(row.crossing_h / row.time_h))
    return words(
        "times.border_title", pair=pair_label(view, pair), alternative=words.term("mode", str(row.name)), share=share
    )


def _block(views: Sequence[View], pair: Pair, chains: Sequence[dict[str, Profile]], index: int) -> Markup:
    """Chart of the alternative with the most tonnes; the others, and the figures of all, are folded."""
    words, ends = views[0].words, ChainEnds(*pair)
    drawn, tables = [], [_numbers(views, pair, list(_shares(chains)))]
    for place, name in enumerate(_drawn_alternatives(chains)):
        found = [(view, of_result[name]) for view, of_result in zip(views, chains, strict=True) if name in of_result]
        styles = [style for style, of_result in enumerate(chains) if name in of_result]
        frame = framed(f"times-{index}-{place}", ends, found, styles, low=True)
        title = tag("h4", words.term("mode", name)) if place == 0 else Markup("")
        drawn.append(join([title, frame]) if place == 0 else folded(words.term("mode", name), frame))
        tables.append(leg_tables(ends, found))
    return tag("figure", *drawn, folded(words("times.legs"), join(tables)))


def _shares(chains: Sequence[dict[str, Profile]]) -> dict[str, float]:
    """Largest share that each alternative of a pair has of the tonnes in any result."""
    share: dict[str, float] = {}
    for of_result in chains:
        for name, profile in of_result.items():
            share[name] = max(share.get(name, 0.0), profile.share)
    return share


def _drawn_alternatives(chains: Sequence[dict[str, Profile]]) -> list[str]:
    """Alternatives of a pair that are drawn, the one with the largest share first."""
    share = _shares(chains)
    return [name for name in sorted(share, key=lambda name: -share[name]) if share[name] >= LEAST_SHARE]


def _numbers(views: Sequence[View], pair: Pair, alternatives: Sequence[str]) -> Markup:
    """Tables of the averages and of the main route leg by leg."""
    words = views[0].words
    hours = [Head(words(f"times.{key}"), over=words("times.hours")) for _, key, _ in PARTS]
    heads = [
        Head(words("times.result"), numeric=False),
        Head(words("common.km")),
        *hours,
        Head(words("times.total"), over=words("times.hours")),
        Head(words.unit(views[0].unit("USD/t"))),
        Head(words.unit("t/year")),
    ]
    groups = []
    for alternative in alternatives:
        rows = []
        for view in views:
            found = trips(view, pair)
            if alternative in found.index:
                row = row_of(found, alternative)
                numbers = [
                    float(row[column])
                    for column in ("distance_km", *(part[0] for part in PARTS), "time_h", "money_usd_per_t")
                ]
                tonnes = words.number(float(row.tonnes_per_year), decimals=0)
                rows.append(
                    [
                        view.head,
                        words.number(numbers[0], decimals=0),
                        *(words.number(n, decimals=1) for n in numbers[1:]),
                        tonnes,
                    ]
                )
        groups.append(Group(words.term("mode", alternative), rows))
    return table(words("times.mean_caption", pair=pair_label(views[0], pair)), heads, groups)


def _of_pair(frame: pd.DataFrame, pair: Pair) -> pd.DataFrame:
    return frame[
        (frame.origin_zone_id == pair[0]) & (frame.destination_zone_id == pair[1]) & (frame.commodity_id == pair[2])
    ]
