"""The vocabulary of results: named numbers with a unit.

An indicator is written ``name[arguments]``: ``crossing.trucks_per_day[torugart]``.
:data:`landlink.indicators.definitions.DEFINITIONS` says for each name what it takes, its unit and what it means; the
docs print the same table.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.core.errors import Problem, UnknownNameError, suggestion
from landlink.indicators.definitions import DEFINITIONS
from landlink.indicators.distances import Distances
from landlink.tables.frames import Tables

_FORM: Final = re.compile(r"^\s*([a-z_.0-9]+)\s*(?:\[(.*)\])?\s*$")
#: Marks of an expression, but for those inside brackets: ids may hold them.
_PLUS, _OVER = (re.compile(rf"{mark}(?![^\[]*\])") for mark in (r"\+", "/"))
#: Area that stands for the whole network.
EVERYWHERE: Final = "ALL"


class Indicators:
    """Indicators of one result's tables."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._distances: dict[str, Distances] = {}

    def value(self, text: str) -> float:
        """Value of an expression: indicators added up with ``+``, and one such sum divided by another with ``/``.

        What the model has no flow for is 0 tonnes and has no time (NaN).

        Raises
        ------
        UnknownNameError
            An indicator that does not exist.

        Examples
        --------
        ``border.tonnes_per_year[KAZ,RUS,rail,coal] / border.tonnes_per_year[KAZ,RUS,rail]``
        """
        parts = [sum(self._one(term) for term in _PLUS.split(side)) for side in _OVER.split(text)]
        if len(parts) == 1:
            return float(parts[0])
        if len(parts) > 2:
            raise UnknownNameError(Problem("", "divides more than once", value=text, allowed="one / between two sums"))
        return float(parts[0] / parts[1]) if parts[1] else float("nan")

    def _one(self, term: str) -> float:
        match = _FORM.match(term)
        name = match.group(1) if match else term.strip()
        arguments = [a.strip() for a in match.group(2).split(",")] if match and match.group(2) else []
        compute: Callable[..., float] | None = getattr(self, "_" + name.replace(".", "_"), None)
        if name not in DEFINITIONS or compute is None:
            hint = suggestion(name, list(DEFINITIONS))
            raise UnknownNameError(
                Problem(
                    "", f"no such indicator; {hint}", value=term.strip(), allowed="one that the documentation lists"
                )
            )
        try:
            return float(compute(*arguments))
        except TypeError:
            form = f"{name}[{DEFINITIONS[name].arguments}]"
            raise UnknownNameError(Problem("", "wrong number of arguments", value=term.strip(), allowed=form)) from None

    # Totals, modes and alternatives

    def _total_tonnes_per_year(self) -> float:
        return float(self._tables["od"]["tonnes_per_year"].sum())

    def _total_tkm_per_year(self) -> float:
        link = self._tables["link"]
        return float((link["tonnes_per_year"] * link["length_km"]).sum())

    def _total_generalised_cost_musd_per_year(self) -> float:
        od = self._tables["od"]
        return float((od["tonnes_per_year"] * od["generalised_cost_usd_per_t"]).sum()) / 1e6

    def _total_mean_time_h(self) -> float:
        od = self._tables["od"]
        return _mean(od["time_h"], od["tonnes_per_year"])

    def _mode_tonnes_per_year(self, mode: str) -> float:
        table = self._tables["mode"]
        return float(table.loc[table["mode"] == mode, "tonnes_per_year"].sum())

    def _mode_tkm_per_year(self, mode: str) -> float:
        link = self._tables["link"][self._tables["link"]["mode"] == mode]
        return float((link["tonnes_per_year"] * link["length_km"]).sum())

    def _alternative_tonnes_per_year(self, alternative: str) -> float:
        od = self._tables["od"]
        return float(od.loc[od["alternative"] == alternative, "tonnes_per_year"].sum())

    # Countries

    @cached_property
    def _countries_by_family(self) -> dict[tuple[str, str], dict[str, float]]:
        """Columns of the country table by country and family, with sums over all countries."""
        table = self._tables["country"]
        columns = [name for name in table.columns if name not in ("country", "family")]
        total = table.groupby("family", as_index=False)[columns].sum().assign(country=EVERYWHERE)
        rows = pd.concat([table, total], ignore_index=True)
        keys = zip(rows["country"], rows["family"], strict=True)
        return {
            key: dict(zip(columns, row, strict=True)) for key, row in zip(keys, rows[columns].to_numpy(), strict=True)
        }

    def _country(self, country: str, family: str) -> Mapping[str, float]:
        return self._countries_by_family.get((country, family), defaultdict(float))

    def _country_tkm_per_year(self, country: str, family: str) -> float:
        return float(self._country(country, family)["tkm_per_year"])

    def _country_tonnes_per_year(self, country: str, family: str) -> float:
        return float(self._country(country, family)["tonnes_per_year"])

    def _country_transit_tonnes_per_year(self, country: str, family: str = "all") -> float:
        return float(self._country(country, family)["transit_tonnes_per_year"])

    def _country_mean_haul_km(self, country: str, family: str) -> float:
        row = self._country(country, family)
        return _ratio(row["tkm_per_year"], row["tonnes_per_year"])

    def _country_speed_without_delay_kmh(self, country: str, family: str) -> float:
        row = self._country(country, family)
        return _ratio(row["vehicle_km_per_year"], row["run_vehicle_h_per_year"])

    def _country_speed_with_delay_kmh(self, country: str, family: str) -> float:
        row = self._country(country, family)
        hours = row["run_vehicle_h_per_year"] + row["stop_vehicle_h_per_year"] + row["crossing_vehicle_h_per_year"]
        return _ratio(row["vehicle_km_per_year"], hours)

    # Crossings, borders, links and terminals

    @cached_property
    def _passages(self) -> dict[tuple[str, str, str], tuple[float, float, float]]:
        """Tonnes a year, vehicles a day and hours by crossing, family and direction."""
        t = self._tables["crossing"]
        keys = zip(t["crossing_id"], t["family"], t["direction"], strict=True)
        return dict(zip(keys, zip(t["tonnes_per_year"], t["vehicles_per_day"], t["time_h"], strict=True), strict=True))

    def _crossing_sum(self, column: int, crossing: str, family: str, direction: str = "") -> float:
        nothing = (0.0, 0.0, 0.0)
        ways = (direction,) if direction else ("ab", "ba")
        return sum(self._passages.get((crossing, family, way), nothing)[column] for way in ways)

    def _crossing_trucks_per_day(self, crossing: str) -> float:
        return self._crossing_sum(1, crossing, "road")

    def _crossing_trains_per_day(self, crossing: str) -> float:
        return self._crossing_sum(1, crossing, "rail")

    def _crossing_tonnes_per_year(self, crossing: str, family: str, direction: str = "") -> float:
        return self._crossing_sum(0, crossing, family, direction)

    def _crossing_time_h(self, crossing: str, family: str, direction: str) -> float:
        return self._passages.get((crossing, family, direction), (0.0, 0.0, float("nan")))[2]

    @cached_property
    def _borders(self) -> dict[tuple[str, str, str], tuple[float, float]]:
        """Tonnes a year and vehicles a day by the country left, the country entered and family."""
        keys = ["from_country", "to_country", "family"]
        sums = self._tables["crossing"].groupby(keys)[["tonnes_per_year", "vehicles_per_day"]].sum()
        return {key: (row[0], row[1]) for key, row in zip(sums.index, sums.to_numpy(), strict=True)}

    def _border_tonnes_per_year(self, start: str, end: str, family: str, commodity: str = "") -> float:
        if not commodity:
            return self._borders.get((start, end, family), (0.0, 0.0))[0]
        crossing = self._tables["crossing"]
        rows = crossing[
            (crossing["from_country"] == start) & (crossing["to_country"] == end) & (crossing["family"] == family)
        ]
        keys = ["crossing_id", "family", "direction"]
        flows = self._tables["crossing_commodity"].merge(rows[keys], on=keys)
        return float(flows.loc[flows["commodity_id"] == commodity, "tonnes_per_year"].sum())

    def _border_trucks_per_day(self, one: str, other: str) -> float:
        return sum(self._borders.get((a, b, "road"), (0.0, 0.0))[1] for a, b in ((one, other), (other, one)))

    def _link_tonnes_per_year(self, link: str) -> float:
        table = self._tables["link"]
        return float(table.loc[table["link_id"] == link, "tonnes_per_year"].sum())

    @cached_property
    def _terminals(self) -> dict[str, float]:
        table = self._tables["terminal"]
        return {
            str(name): float(value) for name, value in table.groupby("terminal_id")["tonnes_per_year"].sum().items()
        }

    def _terminal_tonnes_per_year(self, terminal: str) -> float:
        return self._terminals.get(terminal, 0.0)

    # Pairs of zones

    @cached_property
    def _pair_rows(self) -> dict[tuple[str, str], list[int]]:
        """Rows of the od table by origin and destination."""
        od = self._tables["od"]
        rows: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row, pair in enumerate(zip(od["origin_zone_id"], od["destination_zone_id"], strict=True)):
            rows[pair].append(row)
        return rows

    def _pair(self, origin: str, destination: str, alternative: str) -> pd.DataFrame:
        rows = self._tables["od"].iloc[self._pair_rows.get((origin, destination), [])]
        return rows[rows["alternative"] == alternative] if alternative else rows

    def _od_tonnes_per_year(self, origin: str, destination: str, alternative: str = "") -> float:
        return float(self._pair(origin, destination, alternative)["tonnes_per_year"].sum())

    def _pair_mean(self, column: str, origin: str, destination: str, alternative: str) -> float:
        rows = self._pair(origin, destination, alternative)
        return _mean(rows[column], rows["tonnes_per_year"])

    def _od_time_h(self, origin: str, destination: str, alternative: str = "") -> float:
        return self._pair_mean("time_h", origin, destination, alternative)

    def _od_cost_usd_per_t(self, origin: str, destination: str, alternative: str = "") -> float:
        return self._pair_mean("money_usd_per_t", origin, destination, alternative)

    def _od_generalised_cost_usd_per_t(self, origin: str, destination: str, alternative: str = "") -> float:
        return self._pair_mean("generalised_cost_usd_per_t", origin, destination, alternative)

    def _od_distance_km(self, origin: str, destination: str, alternative: str = "") -> float:
        return self._pair_mean("distance_km", origin, destination, alternative)

    def _distance_km(self, start: str, end: str, mode: str) -> float:
        if mode not in self._distances:
            self._distances[mode] = Distances(self._tables["link"], mode)
        return self._distances[mode].km(start, end)

    # The table

    def table(self, pairs: Iterable[tuple[str, str, str]] = ()) -> pd.DataFrame:
        """All indicators that a table can hold: everything but single links, and of zone pairs only those asked for."""
        rows = [(text, self.value(text), DEFINITIONS[text.split("[")[0]]) for text in self._names(pairs)]
        return pd.DataFrame(
            {
                "indicator": [text for text, _, _ in rows],
                "value": [value for _, value, _ in rows],
                "unit": [definition.unit for _, _, definition in rows],
                "meaning": [definition.meaning for _, _, definition in rows],
            }
        )

    def _names(self, pairs: Iterable[tuple[str, str, str]]) -> Iterable[str]:
        arguments: dict[str, list[str]] = {
            "total": [""],
            "mode": [f"[{mode}]" for mode in dict.fromkeys(self._tables["link"]["mode"])],
            "alternative": [f"[{name}]" for name in self._tables["alternative"]["alternative"]],
            "country": [f"[{c},{f}]" for c, f in self._countries()],
            "terminal": [f"[{name}]" for name in dict.fromkeys(self._tables["terminal"]["terminal_id"])],
            "od": [f"[{o},{d}]" for o, d in dict.fromkeys((o, d) for o, d, _ in pairs)],
        }
        for definition in DEFINITIONS.values():
            if not definition.listed:
                continue
            subject = definition.name.split(".")[0]
            found = (
                self._crossing_arguments(definition.name) if subject in ("crossing", "border") else arguments[subject]
            )
            yield from (definition.name + argument for argument in found)

    def _countries(self) -> list[tuple[str, str]]:
        table = self._tables["country"]
        used = table[table["tonnes_per_year"] > 0]
        families = [f for f in dict.fromkeys(used["family"]) if f != "all"]
        return [*zip(used["country"], used["family"], strict=True), *((EVERYWHERE, family) for family in families)]

    def _crossing_arguments(self, name: str) -> list[str]:
        table = self._tables["crossing"]
        family = {
            "crossing.trucks_per_day": "road",
            "crossing.trains_per_day": "rail",
            "border.trucks_per_day": "road",
        }.get(name)
        rows = table if family is None else table[table["family"] == family]
        if name == "border.tonnes_per_year":
            found = zip(rows["from_country"], rows["to_country"], rows["family"], strict=True)
        elif name == "border.trucks_per_day":
            found = (tuple(sorted(pair)) for pair in zip(rows["from_country"], rows["to_country"], strict=True))  # type: ignore[assignment]
        elif family is None:
            found = zip(rows["crossing_id"], rows["family"], strict=True)  # type: ignore[assignment]
        else:
            found = ((identifier,) for identifier in rows["crossing_id"])  # type: ignore[assignment]
        return [f"[{','.join(item)}]" for item in dict.fromkeys(found)]


def observed_table(observed: pd.DataFrame, indicators: Indicators) -> pd.DataFrame:
    """Observations beside what the model says.

    Adds ``model`` (in the observation's unit, NaN without a counterpart), ``ratio`` of model to observation, and
    ``verdict``: ``within``, ``outside``, ``no tolerance``, ``fitted`` or ``no counterpart``.
    """
    model = np.array(
        [
            indicators.value(text) * scale if text else np.nan
            for text, scale in zip(observed["indicator"], observed["scale"], strict=True)
        ],
        dtype=float,
    )
    value = observed["value"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(value != 0, model / value, np.nan)
    verdicts = [_verdict(row, m) for row, m in zip(observed.itertuples(index=False), model, strict=True)]
    return observed.assign(model=model, ratio=ratio, verdict=verdicts)


def _verdict(row: Any, model: float) -> str:
    if not np.isfinite(model):
        return "no counterpart"
    if row.fitted:
        return "fitted"
    if not np.isfinite(row.tolerance) and row.bound == "value":
        return "no tolerance"
    miss = model - row.value
    # A bound without a tolerance is meant to the letter.
    allowed = np.nan_to_num(row.tolerance) * abs(row.value)
    if row.bound == "lower":
        return "within" if miss >= -allowed else "outside"
    if row.bound == "upper":
        return "within" if miss <= allowed else "outside"
    return "within" if abs(miss) <= allowed else "outside"


def _mean(values: pd.Series[float], weights: pd.Series[float]) -> float:
    total = float(weights.sum())
    return float((values * weights).sum()) / total if total > 0 else float("nan")


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")


__all__ = ["Indicators", "observed_table"]
