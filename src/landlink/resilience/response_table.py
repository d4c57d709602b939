"""Rows of the table of a choice of response sites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from landlink.core.antimeridian import middle_longitude
from landlink.resilience.response_plan import KindPlan
from landlink.resilience.response_problem import MILLION, pair_name
from landlink.resilience.response_schema import RESPONSE
from landlink.resilience.siting import Siting, evaluate_sites, relative_gap
from landlink.study.disturbed_places import DISTURBED, PlaceRow
from landlink.study.effects import row_keys
from landlink.study.study import Scenario
from landlink.tables.frames import Row, Tables, records
from landlink.tables.names import frame_with_names, names_of
from landlink.tables.schemas import TABLES

__all__ = ["response_table"]


def response_table(kinds: tuple[KindPlan, ...], scenario: Scenario, within_h: float) -> pd.DataFrame:
    """Table of kinds of units in the schema :data:`~landlink.resilience.response_schema.RESPONSE`."""
    places = _Map(scenario.tables)
    rows: list[dict[str, Any]] = []
    for plan in kinds:
        context = {
            "scenario": scenario.id or scenario.label, "unit_id": plan.id, "objective": plan.rules.objective,
            "within_h": within_h, "shared": ";".join(sorted(map(pair_name, plan.pairs))), "year": scenario.year,
            "study_hash": scenario.study.hash,
        }  # fmt: skip
        for record in (_total, _sites, _places, _nodes, _sharing):
            rows += [{**context, **row} for row in record(plan, places)]
    return frame_with_names(rows, RESPONSE)


class _Map:
    """Names and positions of nodes and places."""

    def __init__(self, tables: Tables) -> None:
        self.nodes = {str(row["node_id"]): row for row in records(tables["node"])}
        self.rows: dict[PlaceRow, Row] = {}
        for table in DISTURBED:
            keys = [str(key) for key in row_keys(tables[table], table)]
            rows = zip(keys, records(tables[table]), strict=True)
            self.rows.update({PlaceRow(table, key): row for key, row in rows})

    def of(self, place: PlaceRow) -> dict[str, Any]:
        """Names and position of a place; a link without a name is called by its ends."""
        row = self.rows[place]
        ends = ("from_node_id", "to_node_id") if place.table == "link" else ("node_id",)
        at = [self.nodes[row[end]] for end in ends if row[end] in self.nodes]
        names = names_of(row, TABLES[place.table]) or _joined([self._names(one) for one in at])
        named = {"name": place.key, **names}
        if not at:
            return {**named, "x_coord": np.nan, "y_coord": np.nan}
        x = middle_longitude(np.array([one["x_coord"] for one in at]))
        return {**named, "x_coord": x, "y_coord": sum(one["y_coord"] for one in at) / len(at)}

    def node(self, name: str) -> dict[str, Any]:
        """Names and position of a node."""
        return {**self._names(self.nodes[name]), **self.position(name)}

    def _names(self, node: Row) -> dict[str, str]:
        return {"name": str(node["node_id"]), **names_of(node, TABLES["node"])}

    def position(self, node: str) -> dict[str, Any]:
        """Position of a node."""
        return {column: self.nodes[node][column] for column in ("x_coord", "y_coord")}


def _joined(ends: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Names of both ends together, in the languages that both have names in."""
    shared = [column for column in ends[0] if all(column in end for end in ends)] if ends else []
    return {column: "–".join(end[column] for end in ends) for column in shared}


def _total(plan: KindPlan, _: _Map) -> Iterator[dict[str, Any]]:
    now, chosen = plan.now, plan.chosen
    yield {
        "record": "total", "row": plan.id, **plan.names,
        "units_now": int(now.units.sum()), "units": int(chosen.units.sum()),
        "hours_now": plan.mean_hours(now), "hours": plan.mean_hours(chosen),
        "reached_now": plan.reached(now), "reached": plan.reached(chosen), "weight": float(plan.problem.weight.sum()),
        "loss_now_usd_per_year": float(plan.loss(now).sum()), "loss_usd_per_year": float(plan.loss(chosen).sum()),
        "worth_usd_per_year": plan.worth_usd_per_year, "cost_musd": plan.cost_usd / MILLION,
        "cost_musd_per_year": plan.keeping_usd_per_year / MILLION,
        "added_keeping_musd_per_year": plan.added_keeping_usd_per_year / MILLION,
        "added_cost_musd_per_year": plan.added_cost_usd_per_year / MILLION,
        "value_now": now.value, "value": chosen.value, "bound": chosen.bound, "gap": chosen.gap,
    }  # fmt: skip


def _sites(plan: KindPlan, places: _Map) -> Iterator[dict[str, Any]]:
    for number, site in enumerate(plan.kind.sites):
        chosen = int(plan.chosen.units[number])
        alone = np.zeros_like(plan.chosen.units)
        alone[number] = chosen
        yield {
            "record": "site", "row": site.id, **places.position(site.node), **site.names, "node_id": site.node,
            "countries": site.country, "units_now": site.standing, "units": chosen,
            "worth_usd_per_year": _worth(plan, number),
            "cost_musd": (plan.problem.cost(alone) - plan.problem.cost(np.zeros_like(alone))) / MILLION,
            "cost_musd_per_year": chosen * site.usd_per_year / MILLION,
        }  # fmt: skip


def _worth(plan: KindPlan, site: int) -> float:
    """What would be lost a year without the units chosen at a site."""
    if not plan.kind.by_money:
        return float("nan")
    without = plan.chosen.units.copy()
    without[site] = 0
    return float((plan.loss(evaluate_sites(plan.problem, plan.rules, without)) - plan.loss(plan.chosen)).sum())


def _places(plan: KindPlan, places: _Map) -> Iterator[dict[str, Any]]:
    loss_now, loss = plan.loss(plan.now), plan.loss(plan.chosen)
    for number, need in enumerate(plan.kind.needs):
        called = zip(plan.chosen.called[number].tolist(), plan.chosen.arrival_h[number].tolist(), strict=True)
        served = [plan.kind.sites[one].id for one, hours in called if hours < need.most_h]
        yield {
            "record": "place", "row": need.place.key, "table": need.place.table, "hazard_id": need.hazard,
            **places.of(need.place), "countries": ";".join(sorted(plan.kind.network.countries_of(need.place))),
            "hours_now": plan.now.expected_h[number], "hours": plan.chosen.expected_h[number],
            "reached_now": plan.now.covered[number], "reached": plan.chosen.covered[number],
            "served_by": ";".join(dict.fromkeys(served)), "events_per_year": need.events_per_year,
            "usd_per_h": need.usd_per_h, "weight": need.weight, "loss_now_usd_per_year": loss_now[number],
            "loss_usd_per_year": loss[number], "worth_usd_per_year": loss_now[number] - loss[number],
        }  # fmt: skip


def _nodes(plan: KindPlan, places: _Map) -> Iterator[dict[str, Any]]:
    def hours(siting: Siting) -> dict[str, float]:
        return plan.kind.hours_by_node(siting.units, plan.pairs)

    now, chosen = hours(plan.now), hours(plan.chosen)
    for name, nearest in chosen.items():
        known = {"hours_now": now[name], "hours": nearest}
        finite = {column: value for column, value in known.items() if np.isfinite(value)}
        if finite:
            yield {"record": "node", "row": name, **places.node(name), **finite}


def _sharing(plan: KindPlan, _: _Map) -> Iterator[dict[str, Any]]:
    if plan.sharing is None:
        return
    for case in plan.sharing.cases:
        yield {
            "record": "sharing", "row": case.who, "case": case.what, "value": case.value, "bound": case.bound,
            "gap": relative_gap(case.value, case.bound),
            "refusing_costs": case.cost, "countries": ";".join(case.who.split("-")) if case.who else "",
            "needed": case.what == "refused" and case.who in plan.sharing.indispensable,
        }  # fmt: skip
