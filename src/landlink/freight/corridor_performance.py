"""Performance of corridors as CAREC measures it, by family of modes.

CAREC's corridor performance measurement and monitoring samples trips and gives four trade facilitation indicators
(CAREC, *Corridor Performance Measurement and Monitoring: Annual Report*):

- TFI1, time taken to clear a border crossing point, h;
- TFI2, cost incurred at a border crossing point, USD for a cargo of 20 t;
- TFI3, cost incurred to travel a corridor section, USD for 500 km and a cargo of 20 t;
- TFI4, speed to travel on corridors, km/h: without delay (SWOD), which is distance over the time in motion, and with
  delay (SWD), which is distance over the time with stops and border crossings.

Here all freight of the model that uses the corridor's links and crossings stands for the sample. Means over trips are
weighted by loaded vehicles, costs by tonnes. Terminals are not part of a corridor, so that a change of gauge beside a
border is in neither TFI1 nor SWD.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.sums import weighted_rows
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.indicators import EVERYWHERE
from landlink.network.supernetwork import Kind
from landlink.study.constant_places import corridor_links
from landlink.tables.column import Column, Table
from landlink.tables.frames import Tables, numbers, texts
from landlink.tables.lists import split_list
from landlink.tables.schemas import FAMILIES

__all__ = ["CARGO_T", "CORRIDOR_PERFORMANCE", "EVERY_CORRIDOR", "SECTION_KM", "corridor_table"]

#: Cargo and section to which CAREC's costs refer.
CARGO_T: Final = 20.0
SECTION_KM: Final = 500.0
#: Stands for all corridors of a study together, in which links and crossings of several count once.
EVERY_CORRIDOR: Final = EVERYWHERE
#: Figures of one passage of a corridor, which all corridors together do not have.
_OF_PASSAGE: Final = ("length_km", "time_without_delay_h", "time_h", "cost_usd_per_t")

CORRIDOR_PERFORMANCE: Final = Table(
    "corridor_performance",
    "Time, cost, speed, reliability and freight of corridors by family of modes, with CAREC's trade facilitation"
    " indicators; `ALL` is all corridors together.",
    (
        Column("corridor_id", "text", "Corridor, or ALL.", required=True, key=True),
        Column("family", "text", "Family of modes.", required=True, key=True, allowed=FAMILIES),
        Column("length_km", "number", "Length of one passage: `corridor.length_km`, else of its links.", unit="km"),
        Column("crossings", "integer", "Number of its border crossings.", required=True),
        Column("tonnes_per_year", "number", "Freight that uses at least one of its links.", unit="t/year"),
        Column("tkm_per_year", "number", "Tonne-kilometres on its links.", unit="tkm/year"),
        Column("tfi1_h", "number", "TFI1: mean time to clear one of its crossings.", unit="h"),
        Column("p95_extra_h", "number", "Mean hours between mean and 95th percentile at a crossing.", unit="h"),
        Column("tfi2_usd", "number", "TFI2: mean charges at one of its crossings for a cargo of 20 t.", unit="USD"),
        Column("tfi3_usd", "number", "TFI3: mean cost of 500 km on it for a cargo of 20 t, charges at its crossings"
               " included.", unit="USD"),
        Column("swod_kmh", "number", "TFI4: speed without delay.", unit="km/h"),
        Column("swd_kmh", "number", "TFI4: speed with delay.", unit="km/h"),
        Column("time_without_delay_h", "number", "Time of one passage at the speed without delay.", unit="h"),
        Column("time_h", "number", "Time of one passage at the speed with delay.", unit="h"),
        Column("cost_usd_per_t", "number", "Cost of one passage.", unit="USD/t"),
    ),
)  # fmt: skip


def corridor_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Measure every corridor of the study, and all together, by family of modes."""
    tables = flow_summary.freight.network.tables
    corridor, link = tables["corridor"], tables["link"]
    names, length = texts(corridor, "corridor_id"), numbers(corridor, "length_km")
    lists = [frozenset(split_list(cell)) for cell in texts(corridor, "crossing_id")]
    of_link = [corridor_links(link, name) for name in names]
    measured = _Measured(flow_summary)
    parts = [
        part
        for name, links, crossings, km in zip(names, of_link, lists, length.tolist(), strict=True)
        for part in measured.parts(name, links, crossings, km)
    ]
    if names:
        parts += measured.parts(EVERY_CORRIDOR, np.any(of_link, axis=0), frozenset().union(*lists), np.nan)
    none = dict.fromkeys(_OF_PASSAGE, np.nan)
    rows = [row | none if row["corridor_id"] == EVERY_CORRIDOR else row for row in measured.rows(parts)]
    return pd.DataFrame(rows, columns=[column.name for column in CORRIDOR_PERFORMANCE.columns])


class _Part(NamedTuple):
    """Arcs of one family on a corridor: those of its links, and those of its crossings."""

    about: dict[str, Any]
    runs: Bools
    places: Bools
    length_km: float


class _Measured:
    """Flows, hours and money on arcs, from which corridors are measured."""

    def __init__(self, flow_summary: FlowSummary) -> None:
        self._summary = flow_summary
        freight = flow_summary.freight
        tables, self._arcs = freight.network.tables, freight.network.arcs
        self._tables: Tables = tables
        vehicle, flow = tables["vehicle"], flow_summary.commodity_flow
        self._family_of_mode = np.array(texts(vehicle, "family"), dtype=object)
        payload = numbers(vehicle, "payload_t")
        self._tonnes = flow.sum(axis=0)
        self._trips = weighted_rows(numbers(tables["commodity"], "load_factor"), flow) / payload[self._arcs.mode]
        self._usd = (flow * freight.money).sum(axis=0)
        link, crossing = tables["link"], tables["crossing"]
        countries = [split_list(cell) for cell in texts(link, "country")]
        ends = (texts(link, name) for name in ("crossing_id", "from_node_id", "to_node_id"))
        self._link_rows = list(zip(*ends, countries, strict=True))
        columns = ("crossing_id", "family", "node_id", "country_a", "country_b")
        self._crossings = list(zip(*(texts(crossing, name) for name in columns), strict=True))
        self._charge = _charges(tables, payload, self._arcs.entity, self._arcs.backward, self._arcs.mode)

    def rows(self, parts: Sequence[_Part]) -> Iterator[dict[str, Any]]:
        """Measure parts of corridors; the freight of all is looked up at once."""
        chosen = np.array([part.runs for part in parts], dtype=np.bool_).reshape(len(parts), len(self._arcs))
        for part, (_, flow) in zip(parts, self._summary.select_options(chosen), strict=True):
            yield part.about | self._figures(part, float(flow.sum()))

    def parts(self, name: str, links: Bools, crossings: frozenset[str], length_km: float) -> list[_Part]:
        """Parts of one corridor: one for each family of its links in service."""
        arcs = self._arcs
        on_links = (arcs.kind == Kind.RUN) & links[np.where(arcs.kind == Kind.RUN, arcs.entity, 0)]
        families = self._family_of_mode[arcs.mode]
        found: list[_Part] = []
        for family in FAMILIES:
            runs = on_links & (families == family)
            if runs.any():
                rows = self._crossing_rows(np.unique(arcs.entity[runs]), family, crossings)
                places = (arcs.kind == Kind.CROSSING) & np.isin(arcs.entity, rows) & (families == family)
                about = {"corridor_id": name, "family": family, "crossings": len(rows)}
                found.append(_Part(about, runs, places, length_km))
        return found

    def _crossing_rows(self, links: Ints, family: str, named: frozenset[str]) -> Ints:
        """Rows of the crossings of a family on a corridor.

        A crossing is on it if the corridor names it, if one of its links does, or if its links come to the crossing's
        node from both countries.
        """
        at_node: dict[str, set[str]] = {}
        on_links: set[str] = set()
        for crossing, begin, end, countries in map(self._link_rows.__getitem__, links.tolist()):
            on_links.add(crossing)
            for node in (begin, end):
                at_node.setdefault(node, set()).update(countries)
        on_links.discard("")
        return np.array(
            [
                row
                for row, (crossing, of, node, a, b) in enumerate(self._crossings)
                if of == family and (crossing in named or crossing in on_links or {a, b} <= at_node.get(node, set()))
            ],
            dtype=np.int64,
        )

    def _figures(self, part: _Part, tonnes_per_day: float) -> dict[str, float]:
        arcs, hours, trips = self._arcs, self._summary.arc_hours, self._trips
        runs, places, length_km = part.runs, part.places, part.length_km
        run_h, stop_h = (trips * hours["run_h"])[runs].sum(), (trips * hours["stop_h"])[runs].sum()
        at_border, passages = (trips * hours["crossing_h"])[places].sum(), trips[places].sum()
        vehicle_km, tkm = (trips * arcs.km)[runs].sum(), (self._tonnes * arcs.km)[runs].sum()
        usd = self._usd[runs | places].sum()
        if np.isnan(length_km):
            length_km = float(numbers(self._tables["link"], "length")[np.unique(arcs.entity[runs])].sum())
        swod, swd = _ratio(vehicle_km, run_h), _ratio(vehicle_km, run_h + stop_h + at_border)
        usd_per_tkm = _ratio(usd, tkm)
        return {
            "length_km": length_km,
            "tonnes_per_year": tonnes_per_day * self._summary.freight.days,
            "tkm_per_year": tkm,
            "tfi1_h": _ratio(at_border, passages),
            "p95_extra_h": _ratio((trips * arcs.risk_h)[places].sum(), passages),
            "tfi2_usd": CARGO_T * _ratio((self._tonnes * self._charge)[places].sum(), self._tonnes[places].sum()),
            "tfi3_usd": CARGO_T * SECTION_KM * usd_per_tkm,
            "swod_kmh": swod,
            "swd_kmh": swd,
            "time_without_delay_h": _ratio(length_km, swod),
            "time_h": _ratio(length_km, swd),
            "cost_usd_per_t": usd_per_tkm * length_km,
        }


def _charges(tables: Tables, payload: Floats, entity: Ints, backward: Bools, mode: Ints) -> Floats:
    """Charges of the crossing of each arc for a tonne of the reference good, USD/t; without meaning on other arcs."""
    crossing = tables["crossing"]
    if crossing.empty:
        return np.zeros(len(entity))
    row = np.clip(entity, 0, len(crossing) - 1)
    there, back = (numbers(crossing, f"cost_{way}_usd_per_vehicle")[row] for way in ("ab", "ba"))
    return np.where(backward, back, there) / payload[mode]


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
