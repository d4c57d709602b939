"""What makes the settings of a study wrong beside its tables: names that the tables lack, inputs that cannot vary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from landlink.core.errors import Problem
from landlink.study.applied_checks import applied_problems
from landlink.study.capacity_checks import stochastic_problems
from landlink.study.checks import clashes
from landlink.study.effects import changed_frame, matching_rows, with_measures
from landlink.study.indicator_names import IndicatorNames
from landlink.study.settings import FILE_NAME, SensitivityInput, Settings, default_alternatives
from landlink.tables.check import check_cells, row_names
from landlink.tables.frames import Tables
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES

__all__ = ["scenario_problems", "settings_problems"]


def _input_problems(item: SensitivityInput, tables: Tables) -> Iterable[Problem]:
    """An input to vary must be a number of rows that exist."""
    schema = TABLES.get(item.table)
    column = schema.by_name.get(item.column) if schema else None
    if schema is None or not schema.key:
        yield Problem(FILE_NAME, "no such table to vary", item.title, "table", item.table, ", ".join(TABLES))
    elif column is None or column.type not in ("number", "integer"):
        yield Problem(
            FILE_NAME, "no such number to vary", item.title, "column", item.column,
            ", ".join(name for name, c in schema.by_name.items() if c.type == "number"),
        )  # fmt: skip
    elif not matching_rows(tables[item.table], item.table, item.row).any():
        yield Problem(FILE_NAME, f"no such row in {item.table}", item.title, "row", item.row, "a key of it, or *")
    else:
        for key, factor in (("low", item.low), ("high", item.high)):
            frame = changed_frame(tables[item.table], item.table, item.row, item.column, "multiply", repr(factor))
            for problem in check_cells(frame[[item.column]], schema, names=row_names(frame, schema))[:1]:
                yield Problem(
                    FILE_NAME, f"makes {item.table}.{item.column} {problem.value} at {problem.row}: {problem.message}",
                    item.title, key, f"{factor:g}", f"a multiplier that leaves {problem.allowed}",
                )  # fmt: skip


def _commodities_that_cannot_move(settings: Settings, tables: Tables) -> Iterable[Problem]:
    """Demand for a commodity that no alternative carries in a mode that the commodity may take."""
    commodity, wanted = tables["commodity"], tables["demand"]
    sent = set(wanted.loc[wanted["tonnes_per_year"] > 0, "commodity_id"])
    for name, listed in zip(commodity["commodity_id"], map(split_list, commodity["modes"]), strict=True):
        ways = [
            set(alternative.must_use or alternative.modes).intersection(listed or alternative.modes)
            for alternative in settings.alternatives
        ]
        if name in sent and settings.alternatives and not any(ways):
            offered = ", ".join(dict.fromkeys(mode for a in settings.alternatives for mode in a.modes))
            yield Problem(
                "commodity", f"no alternative of {FILE_NAME} runs in a mode that the goods can take", str(name),
                "modes", ";".join(listed), f"a mode of an alternative ({offered}), or empty for all",
            )  # fmt: skip


def _route_scales(settings: Settings, tables: Tables) -> Iterable[Problem]:
    """Commodities without a route scale for stochastic routing, or with one that no shipper can have.

    Routes of one alternative are more alike than alternatives are. A smaller scale among routes would have shippers who
    gain from a dearer route (McFadden 1978 on nested logit); the equilibrium would exist all the same.
    """
    if settings.routing != "stochastic":
        return
    goods = tables["commodity"]
    for good, route, logit in zip(goods["commodity_id"], goods["route_scale"], goods["logit_scale"], strict=True):
        if pd.isna(route):
            yield Problem(
                "commodity", "stochastic routing needs a scale", str(good), "route_scale",
                allowed=f"a number, t/USD, at least logit_scale ({logit:g})",
            )  # fmt: skip
        elif route < logit:
            yield Problem(
                "commodity", "routes would be chosen with less care than alternatives", str(good), "route_scale",
                f"{route:g}", f"at least logit_scale ({logit:g})",
            )  # fmt: skip


def _hard_capacities(settings: Settings, tables: Tables) -> Iterable[Problem]:
    """Hard capacities that the routing of the study cannot keep."""
    return stochastic_problems(tables) if settings.routing == "stochastic" else ()


def scenario_problems(settings: Settings, tables: Tables) -> list[Problem]:
    """Scenarios whose measures, in force in its year, leave tables that were right wrong together."""
    problems: list[Problem] = []
    for scenario in settings.scenarios:
        after = with_measures(tables, scenario.apply, scenario.year)
        problems += applied_problems(tables, after, scenario.apply)
        because = f"after {', '.join(scenario.apply)}: "
        problems += [replace(found, message=because + found.message) for found in _hard_capacities(settings, after)]
    return problems


def settings_problems(settings: Settings, tables: Tables) -> list[Problem]:
    """Settings that name modes, zones, commodities or measures the tables do not have."""
    problems: list[Problem] = []

    def known(values: Iterable[str], table: str, column: str, row: str, key: str) -> None:
        names = set(tables[table][column])
        problems.extend(
            Problem(FILE_NAME, f"no such {table}", row, key, value, f"a {column} of the table {table}")
            for value in values
            if value not in names
        )

    for alternative in settings.alternatives:
        known(alternative.modes, "vehicle", "mode", alternative.id, "modes")
        known(
            (name for name in alternative.constant_usd_per_t if name),
            "commodity",
            "commodity_id",
            alternative.id,
            "constant_usd_per_t",
        )
    for scenario in settings.scenarios:
        known(scenario.apply, "measure", "measure_id", scenario.id, "apply")
        if all(name in set(tables["measure"]["measure_id"]) for name in scenario.apply):
            problems.extend(clashes(tables["measure"], scenario.apply))
    problems.extend(_commodities_that_cannot_move(settings, tables))
    problems.extend(_route_scales(settings, tables))
    problems.extend(_hard_capacities(settings, tables))
    alternatives = settings.alternatives or default_alternatives(tables["vehicle"]["mode"])
    names = IndicatorNames(tables, (alternative.id for alternative in alternatives))
    if settings.headline:
        problems.extend(names.problems(settings.headline, "[report]", "headline", FILE_NAME))
    for row in tables["observed"].to_dict("records"):
        if row["indicator"]:
            problems.extend(names.observation_problems({str(name): value for name, value in row.items()}))
    for item in settings.sensitivity:
        problems.extend(_input_problems(item, tables))
    for origin, destination, commodity in settings.pairs:
        known((origin, destination), "zone", "zone_id", "[report]", "pairs")
        known((commodity,) if commodity else (), "commodity", "commodity_id", "[report]", "pairs")
    return problems
