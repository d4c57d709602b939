"""Trade before and after a measure, where it responds to costs: by country, partner and commodity."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from landlink.report.view import View
from landlink.tables.lists import split_list

__all__ = [
    "FIGURES", "FLOWS", "Flow", "TradeChange", "asked_countries", "compared", "responds", "share_of",
    "touched_countries", "trade_change",
]  # fmt: skip

Flow = Literal["exports", "imports"]
FLOWS: Final[tuple[Flow, ...]] = ("exports", "imports")
#: Sides of a flow: the column of the country and that of its partner.
_SIDES: Final = {"exports": ("exporter", "importer"), "imports": ("importer", "exporter")}
#: Columns of what is summed: million a year in the currency of the report, and thousand tonnes a year.
FIGURES: Final = ("before_value", "after_value", "before_tonnes", "after_tonnes")
_KEYS: Final = ["exporter", "importer", "commodity_id"]


def responds(view: View) -> bool:
    """Whether trade responds to costs in a result."""
    return view.provenance.trade is not None and len(view.table("trade_flow")) > 0


@dataclass(frozen=True, eq=False)
class TradeChange:
    """Trade of a result, before and after.

    Attributes
    ----------
    view
        The result.
    before
        Label of what it is compared with.
    reference
        Label of what changes of prices and real income are from.
    flows
        Trade between countries: ``exporter``, ``importer``, ``commodity_id``, the columns of :data:`FIGURES`, and
        ``carried_value``, the part of the value after that the freight of the study carries.
    """

    view: View
    before: str
    reference: str
    flows: pd.DataFrame

    def sums(self, country: str, flow: Flow, by: str) -> pd.DataFrame:
        """Figures of a country's exports or imports, by ``partner`` or ``commodity_id``."""
        own, partner = _SIDES[flow]
        rows = self.flows[self.flows[own] == country].rename(columns={partner: "partner"})
        return rows.groupby(by)[list(FIGURES)].sum()

    def total(self, country: str, flow: Flow) -> pd.Series[float]:
        """Figures of all exports or imports of a country."""
        return self.flows.loc[self.flows[_SIDES[flow][0]] == country, list(FIGURES)].sum()

    def share(self, country: str, *flows: Flow) -> float:
        """Largest relative change of a country's exports and imports, without sign; 0 from nothing."""
        found = [self.total(country, flow) for flow in flows or FLOWS]
        shares = [share_of(float(one["before_value"]), float(one["after_value"])) for one in found]
        return max((abs(one) for one in shares if math.isfinite(one)), default=0.0)

    def carried_tonnes(self) -> tuple[float, float]:
        """Tonnes a year on the network that are traded between countries or within them, before and after."""
        frame = self.view.table("trade_flow")
        return float(frame["reference_tonnes_per_year"].sum()), float(frame["tonnes_per_year"].sum())

    def by_pair(self) -> pd.DataFrame:
        """Value by exporter and importer: before, after, and after that the study's freight carries; millions."""
        columns = ["before_value", "after_value", "carried_value"]
        return self.flows.groupby(["exporter", "importer"])[columns].sum()

    @property
    def countries(self) -> list[str]:
        """Countries that trade."""
        return list(self.view.table("trade_country")["country"].astype(str))

    @property
    def region(self) -> list[str]:
        """Countries that trade and have a zone that is no gateway."""
        zone = self.view.table("zone")
        inside = set(zone.loc[zone["kind"] != "gateway", "country"])
        return [country for country in self.countries if country in inside]


def trade_change(view: View, baseline: View | None = None) -> TradeChange | None:
    """Trade of a result and what it was before; ``None`` where trade does not respond.

    Before is the baseline, where trade responds in it too and in the same year; else the reference of the result, which
    is the study of the year at the demand that is forecast for it.
    """
    if not responds(view):
        return None
    frame, reference = _abroad(view), _reference(view)
    before, label = frame.rename(columns=_named("reference_")), reference
    if baseline is not None and compared(view, baseline):
        before, label = _abroad(baseline).rename(columns=_named("")), baseline.label
    old = before.set_index(_KEYS)[["value", "tonnes"]].add_prefix("before_")
    new = frame.rename(columns=_named("")).set_index(_KEYS)[["value", "tonnes"]].add_prefix("after_")
    flows = new.join(old, how="outer").fillna(0.0)
    carried = (frame["value_usd_per_year"] * frame["network_share"]).set_axis(pd.MultiIndex.from_frame(frame[_KEYS]))
    flows = flows.assign(carried_value=carried.reindex(flows.index).fillna(0.0))
    scale = pd.Series([1e3 if str(one).endswith("tonnes") else 1e6 for one in flows], index=flows.columns)
    return TradeChange(view, label, reference, flows.div(scale).reset_index())


def compared(view: View, baseline: View) -> bool:
    """Whether trade is compared with that of the baseline, in which it responds too and in the same year."""
    return responds(baseline) and baseline.year == view.year


def _named(when: str) -> dict[str, str]:
    return {f"{when}value_usd_per_year": "value", f"{when}tonnes_per_year": "tonnes"}


def _abroad(view: View) -> pd.DataFrame:
    frame = view.table("trade_flow")
    return frame[frame["exporter"] != frame["importer"]]


def _reference(view: View) -> str:
    """Label of the reference: the year alone where it is the study as it stands."""
    run = view.provenance.trade
    label = "" if run is None else run.reference
    if label in ("", str(view.year)):
        return view.words("trade_response.reference", year=view.words.year(view.year))
    return view.words.isolated(label)


def touched_countries(view: View, measures: Iterable[str]) -> list[str]:
    """Countries that measures touch, as the study states them; the one that the report answers for, if there is."""
    if view.focus:
        return [view.focus]
    frame = view.table("measure")
    if "countries" not in frame:
        return []
    lists = frame[frame.measure_id.isin(list(measures))].countries.dropna()
    return list(dict.fromkeys(code for codes in lists for code in split_list(str(codes))))


def asked_countries(change: TradeChange, measures: Sequence[str]) -> list[str]:
    """Countries that a report asks about: those that measures touch, else those of the region, else all.

    That whose trade changes most in proportion comes first.
    """
    touched = [code for code in touched_countries(change.view, measures) if code in change.countries]
    return sorted(touched or change.region or change.countries, key=lambda country: -change.share(country))


def share_of(before: float, after: float) -> float:
    """Relative change; NaN from nothing."""
    return after / before - 1 if before > 0 else math.nan
