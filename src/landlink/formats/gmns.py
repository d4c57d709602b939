"""Creation of a study folder from a network in the General Modeling Network Specification (GMNS)."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from landlink.core.atomic_files import new_folder
from landlink.core.errors import InputError, Problem
from landlink.formats import gmns_defaults as defaults
from landlink.formats.gmns_checks import check_zones
from landlink.formats.gmns_demand import Commodities, commodities_of, demand_of, flows_of, own_commodities
from landlink.formats.gmns_files import GmnsFiles, ImportOptions, read_files
from landlink.formats.gmns_left_out import say_left_out, say_unread
from landlink.formats.gmns_network import GmnsNetwork, network_of
from landlink.formats.gmns_zones import zones_of
from landlink.formats.import_report import REPORT_NAME, ImportReport
from landlink.tables.destinations import check_new_folder
from landlink.tables.read import read_tables
from landlink.tables.schemas import TABLES
from landlink.tables.write import write_table

__all__ = ["ImportOptions", "import_gmns"]

#: Pattern of row names with a line number and a key.
_LINE = re.compile(r"line \d+ \((.*)\)")


def import_gmns(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    *,
    options: ImportOptions | None = None,
    validate: Callable[[Path], pd.DataFrame] | None = None,
) -> ImportReport:
    """Create a runnable study from a GMNS network.

    Nodes, links, geometries, zones and demand are those of the network, in km and km/h, longitude and latitude. Data
    that GMNS lacks (vehicles, values of time) are set to the defaults of :mod:`landlink.formats.gmns_defaults`, each
    marked as an estimate. Where two readings of the network are possible, nothing is made and the question is asked.

    Parameters
    ----------
    source
        Folder with ``node.csv`` and ``link.csv``; ``config``, ``geometry``, ``zone``, ``use_definition``,
        ``use_group``, ``segment`` (gradients), ``demand`` and ``commodity`` are used if present.
    target
        Folder to create; it must not exist, or must be empty.
    options
        What the files do not say: units, reference system, classes of links, columns of demand.
    validate
        Called with the finished folder before it takes its place. It returns the rows of the demand that have no route
        and are to be left out, and whatever it raises leaves nothing behind.

    Returns
    -------
    ImportReport
        Rows taken over, and everything left out, changed or assumed, with counts. The new study has it as
        ``x_import.csv``, and what it says in its ``README.md``.

    Raises
    ------
    InputError
        The network is not valid GMNS, or can be read in several ways; lists all problems.
    OutputError
        The target is not empty or cannot be written.
    """
    folder, report = Path(source), ImportReport()
    check_new_folder(target)
    files = read_files(folder, options or ImportOptions(), report)
    flows, goods = flows_of(files), own_commodities(files)
    check_zones(files)
    network = network_of(files)
    say_unread(folder, report)
    zone = zones_of(files, network)
    demand = demand_of(files, flows, zone, network.link)
    say_left_out(files, demand)
    name = network.name or Path(target).resolve().name
    tables = _tables(files, network, zone, demand, goods, name)
    report.add(
        "to do", "", "Replace the round numbers of vehicle.csv and commodity.csv: costs, payloads, values of time."
    )
    year = f"Set base_year in study.toml: it is {defaults.BASE_YEAR}, since the network does not state its year."
    report.add("to do", "", year)
    with new_folder(target) as made:
        for table, frame in tables.items():
            write_table(frame, TABLES[table], made / f"{table}.csv")
        _write_settings(made, Path(target), name, network, demand)
        _check(made)
        if validate is not None and len(lost := validate(made)):
            tables["demand"] = _served(demand, lost, report)
            write_table(tables["demand"], TABLES["demand"], made / "demand.csv")
            _write_settings(made, Path(target), name, network, tables["demand"])
            validate(made)
        report.frame().to_csv(made / REPORT_NAME, index=False, lineterminator="\n")
        (made / "README.md").write_text(_readme(name, folder, tables, report), encoding="utf-8", newline="\n")
    return report


def _served(demand: pd.DataFrame, lost: pd.DataFrame, report: ImportReport) -> pd.DataFrame:
    """Demand without the rows that have no route, which are listed in the report."""
    keys = ["origin_zone_id", "destination_zone_id", "commodity_id"]
    gone = demand.set_index(keys).index.isin(lost.set_index(keys).index)
    tonnes = demand["tonnes_per_year"][gone].sum()
    text = f"{gone.sum()} flows, {tonnes:,.6g} t, have no route and were left out"
    pairs = [f"{row[0]} to {row[1]}" for row in demand[keys][gone].drop_duplicates(keys[:2]).to_numpy().tolist()]
    report.add("left out", "demand", text, rows=int(gone.sum()), examples=pairs)
    if gone.all():
        raise InputError(Problem("demand", "no flow has a route", allowed="links that connect the zones"))
    return demand[~gone].reset_index(drop=True)


def _write_settings(made: Path, target: Path, name: str, network: GmnsNetwork, demand: pd.DataFrame) -> None:
    (made / "study.toml").write_text(_settings(target, name, network, demand), encoding="utf-8", newline="\n")


def _check(made: Path) -> None:
    """Validate the new tables; rows are named by key, since line numbers differ from those of the network."""
    try:
        read_tables(made)
    except InputError as error:
        raise InputError(replace(problem, row=_LINE.sub(r"\1", problem.row)) for problem in error.problems) from None


def _tables(
    files: GmnsFiles,
    network: GmnsNetwork,
    zone: pd.DataFrame,
    demand: pd.DataFrame,
    goods: Commodities,
    name: str,
) -> dict[str, pd.DataFrame]:
    modes = sorted(set(network.link["mode"]))
    marked = {"quality": "estimated", "source": defaults.SOURCE_ID}
    vehicles = [{"mode": mode, **defaults.mode_defaults(mode).vehicle, "curve": "none", **marked} for mode in modes]
    sources = [
        {"source_id": "gmns", "title": f"GMNS network {name}"},
        {"source_id": defaults.SOURCE_ID, "title": defaults.SOURCE_TITLE},
    ]
    config = {"dataset_name": name, "long_length": "km", "speed": "kph", "crs": "EPSG:4326", "currency": "USD"}
    tables = {
        "config": pd.DataFrame([config]),
        "node": network.node,
        "link": network.link.assign(quality="estimated"),
        "geometry": network.geometry,
        "zone": zone,
        "terminal": _terminals(network.link, files.report),
        "commodity": commodities_of(files, goods, demand),
        "vehicle": pd.DataFrame(vehicles),
        "demand": demand,
        "source": pd.DataFrame(sources),
    }
    return {table: frame for table, frame in tables.items() if len(frame)}


def _terminals(link: pd.DataFrame, report: ImportReport) -> pd.DataFrame:
    """Create a terminal wherever links of two modes meet, so that freight can change between them."""
    ends = [link[[end, "mode"]].set_axis(["node_id", "mode"], axis=1) for end in ("from_node_id", "to_node_id")]
    modes = pd.concat(ends).drop_duplicates().groupby("node_id", sort=True)["mode"].apply(sorted)
    rows: list[dict[str, Any]] = [
        {"terminal_id": f"{node}-{first}-{second}", "node_id": node, "mode_a": first, "mode_b": second}
        for node, here in modes.items()
        for number, first in enumerate(here)
        for second in here[number + 1 :]
    ]
    if rows:
        time, cost = defaults.TERMINAL["time_h"], defaults.TERMINAL["cost_usd_per_t"]
        text = f"Check {len(rows)} terminals, created wherever two modes meet, with {time:g} h and {cost:g} USD/t each."
        report.add("assumed", "terminal", text, rows=len(rows))
    return pd.DataFrame(rows).assign(**defaults.TERMINAL, quality="estimated", source=defaults.SOURCE_ID)


def _settings(target: Path, name: str, network: GmnsNetwork, demand: pd.DataFrame) -> str:
    """Compose ``study.toml``; quotes and lists of JSON are valid TOML."""
    slug = re.sub(r"[^a-z0-9]+", "-", target.resolve().name.lower()).strip("-") or "study"
    modes = json.dumps(sorted(set(network.link["mode"])), ensure_ascii=False)
    first = demand.iloc[0]
    pair = [first["origin_zone_id"], first["destination_zone_id"], first["commodity_id"]]
    return f"""id = {json.dumps(slug)}
title = {json.dumps(name, ensure_ascii=False)}
description = "Created from a GMNS network; README.md lists the assumptions."
base_year = {defaults.BASE_YEAR}
years = [{defaults.BASE_YEAR}]
currency = "USD"
operating_days = 365
licence = ""      # terms of the network's data
attribution = []

# Alternatives that shippers choose between. Add more, for example to let rail and road compete.
[[alternative]]
id = "any"
modes = {modes}

[report]
pairs = [{json.dumps(pair, ensure_ascii=False)}]
"""


def _readme(name: str, folder: Path, tables: dict[str, pd.DataFrame], report: ImportReport) -> str:
    counts = "\n".join(f"- `{table}.csv`: {len(frame)} rows" for table, frame in tables.items())
    tasks = "\n".join(f"- {note}" for note in report.notes)
    taken = "\n".join(f"- `{entry.table}.csv`: {entry.text}" for entry in report.entries if entry.kind == "taken over")
    return f"""# {name}

A landlink study, created from the GMNS network in the folder `{folder.resolve().name}`.
Lengths are in km, speeds in km/h, money in USD.

## To check, replace or complete

The network does not contain all data needed for freight. The following was assumed, changed or left out.
The table `{REPORT_NAME}` has the same.

{tasks}

## Taken over

{taken}

## Tables

{counts}
"""
