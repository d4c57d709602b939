"""Consistency checks of a study's settings with its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from landlink.core.errors import Problem
from landlink.study.applied_checks import applied_problems
from landlink.study.constant_checks import has_known_families
from landlink.study.constant_places import concerned_alternatives, place_of
from landlink.study.domestic_checks import alternatives_of_demand
from landlink.study.effects import changed_frame, is_open, matching_rows, with_measures
from landlink.study.electricity_places import grid_year_problems
from landlink.study.indicator_names import IndicatorNames
from landlink.study.measure_checks import clashes
from landlink.study.response_settings import response_setting_problems
from landlink.study.settings import FILE_NAME, SensitivityInput, Settings, default_alternatives
from landlink.tables.check import check_cells, row_names
from landlink.tables.frames import Tables, records
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES

__all__ = ["scenario_problems", "settings_problems"]


def _input_problems(item: SensitivityInput, tables: Tables) -> Iterable[Problem]:
    """Check that an input of the sensitivity analysis is a numeric column with existing rows."""
    schema = TABLES.get(item.table)
    column = schema.by_name.get(item.column) if schema else None
    if schema is None or not schema.key:
        yield Problem(FILE_NAME, "unknown table", item.title, "table", item.table, ", ".join(TABLES))
    elif column is None or column.type not in ("number", "integer"):
        yield Problem(
            FILE_NAME, "unknown or non-numeric column", item.title, "column", item.column,
            ", ".join(name for name, c in schema.by_name.items() if c.type == "number"),
        )  # fmt: skip
    elif not matching_rows(tables[item.table], item.table, item.row).any():
        yield Problem(
            FILE_NAME, f"unknown row of {item.table}", item.title, "row", item.row, "a key of the table, or *"
        )
    else:
        for key, factor in (("low", item.low), ("high", item.high)):
            frame = changed_frame(tables[item.table], item.table, item.row, item.column, "multiply", repr(factor))
            for problem in check_cells(frame[[item.column]], schema, names=row_names(frame, schema))[:1]:
                yield Problem(
                    FILE_NAME, f"{item.table}.{item.column} is {problem.value} at {problem.row}: {problem.message}",
                    item.title, key, f"{factor:g}", f"a factor that gives {problem.allowed}",
                )  # fmt: skip


def _commodities_that_cannot_move(settings: Settings, tables: Tables) -> Iterable[Problem]:
    """Find demand for commodities that no alternative carries in an allowed mode."""
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
                "commodity", f"no alternative of {FILE_NAME} uses a mode that can carry the commodity", str(name),
                "modes", ";".join(listed), f"a mode of an alternative ({offered}), or empty for all",
            )  # fmt: skip


def _route_scales(settings: Settings, tables: Tables) -> Iterable[Problem]:
    """Find commodities with a missing or inconsistent route scale for spread routes.

    Routes within an alternative are closer substitutes than alternatives. A route scale below the logit scale is
    inconsistent with utility maximisation (McFadden 1978 on nested logit), although the equilibrium would exist.
    """
    if settings.routing != "spread":
        return
    goods = tables["commodity"]
    for good, route, logit in zip(goods["commodity_id"], goods["route_scale"], goods["logit_scale"], strict=True):
        if pd.isna(route):
            yield Problem(
                "commodity", "spread routing needs a route scale", str(good), "route_scale",
                allowed=f"a number, t/USD, at least logit_scale ({logit:g})",
            )  # fmt: skip
        elif route < logit:
            yield Problem(
                "commodity", "the route scale is below the logit scale", str(good), "route_scale",
                f"{route:g}", f"at least logit_scale ({logit:g})",
            )  # fmt: skip


def _alternatives_of_constants(settings: Settings, tables: Tables) -> Iterable[Problem]:
    """Constants of modes and pairs that name unknown alternatives, or concern none."""
    alternatives = settings.alternatives or default_alternatives(tables["vehicle"]["mode"])
    known = ", ".join(alternative.id for alternative in alternatives)
    for row in records(tables["constant"]):
        where, named = str(row["constant_id"]), split_list(row["alternatives"])
        unknown = [name for name in named if name not in {alternative.id for alternative in alternatives}]
        for name in unknown:
            yield Problem("constant", "unknown alternative", where, "alternatives", name, known)
        of_shipments = place_of(row) in ("mode", "pair") and has_known_families(row)
        if of_shipments and not unknown and not any(concerned_alternatives(row, alternatives, tables["vehicle"])):
            message = "no alternative is concerned: none uses these modes on each of its routes"
            column = "modes" if row["modes"] else "families"
            yield Problem("constant", message, where, column, row[column], f"also in the column alternatives: {known}")


def scenario_problems(settings: Settings, tables: Tables) -> list[Problem]:
    """Find scenarios whose measures in force in their year make the tables inconsistent, or whose year a grid lacks."""
    problems: list[Problem] = []
    for scenario in settings.scenarios:
        after = with_measures(tables, scenario.apply, scenario.year)
        problems += applied_problems(tables, after, scenario.apply)
        in_service = {name: after[name][is_open(after[name], scenario.year)] for name in ("link", "terminal")}
        problems += grid_year_problems({**after, **in_service}, scenario.year)
    return list(dict.fromkeys(problems))


def _event_problems(tables: Tables, names: IndicatorNames) -> Iterator[Problem]:
    """Check the indicators of what was observed in events, as those of other observations."""
    for row in records(tables["event_observed"]):
        where = "/".join(str(row[part]) for part in TABLES["event_observed"].key)
        for problem in names.observation_problems({**row, "observed_id": where, "scale": 1.0}):
            yield replace(problem, table="event_observed")


def _doubt_problems(settings: Settings, names: IndicatorNames) -> Iterable[Problem]:
    """Check that a doubt has two scenarios at least, and an indicator in which they differ."""
    known = [scenario.id for scenario in settings.scenarios]
    for doubt in settings.doubts:
        for scenario in doubt.scenarios:
            if scenario not in known:
                yield Problem(
                    FILE_NAME, "no such scenario", doubt.title, "scenarios", scenario, ", ".join(known) or "none"
                )
        if len(set(doubt.scenarios)) < 2:
            found = ", ".join(doubt.scenarios)
            yield Problem(
                FILE_NAME, "a doubt has two answers at least", doubt.title, "scenarios", found, "two scenarios"
            )
        if doubt.indicator:
            yield from names.problems(doubt.indicator, doubt.title, "indicator", FILE_NAME)
        elif not settings.headline:
            allowed = "an indicator, or a headline under [report]"
            yield Problem(FILE_NAME, "the doubt is about no indicator", doubt.title, "indicator", allowed=allowed)


def settings_problems(settings: Settings, tables: Tables) -> list[Problem]:
    """Find settings that refer to unknown modes, zones, commodities or measures."""
    problems: list[Problem] = []

    def known(values: Iterable[str], table: str, column: str, row: str, key: str) -> None:
        names = set(tables[table][column])
        problems.extend(
            Problem(FILE_NAME, f"unknown {column}", row, key, value, f"a {column} of the table {table}")
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
    problems.extend(_alternatives_of_constants(settings, tables))
    problems.extend(alternatives_of_demand(settings, tables))
    alternatives = settings.alternatives or default_alternatives(tables["vehicle"]["mode"])
    names = IndicatorNames(tables, (alternative.id for alternative in alternatives), settings.money)
    if settings.headline:
        problems.extend(names.problems(settings.headline, "[report]", "headline", FILE_NAME))
    problems.extend(_doubt_problems(settings, names))
    for row in records(tables["observed"]):
        if row["indicator"]:
            problems.extend(names.observation_problems(row))
    problems.extend(_event_problems(tables, names))
    problems.extend(response_setting_problems(settings.response, tables))
    for item in settings.sensitivity:
        problems.extend(_input_problems(item, tables))
    for origin, destination, commodity in settings.pairs:
        known((origin, destination), "zone", "zone_id", "[report]", "pairs")
        known((commodity,) if commodity else (), "commodity", "commodity_id", "[report]", "pairs")
    return problems
