"""Creation of a study folder from a network in the General Modeling Network Specification (GMNS)."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from landlink.core.atomic_files import new_folder
from landlink.core.errors import InputError
from landlink.formats import gmns_defaults as defaults
from landlink.formats.gmns_demand import demand_of
from landlink.formats.gmns_network import GmnsNetwork, network_of, read_files
from landlink.formats.gmns_zones import zones_of
from landlink.tables.destinations import check_new_folder
from landlink.tables.read import read_tables
from landlink.tables.schemas import TABLES
from landlink.tables.write import write_table

__all__ = ["study_from_gmns"]

#: Pattern of row names with a line number and a key.
_LINE = re.compile(r"line \d+ \((.*)\)")
_GMNS_TABLES = ("lane", "segment", "segment_lane", "movement", "signal_controller", "link_tod", "location", "curb_seg")


def study_from_gmns(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> list[str]:
    """Create a runnable study from a GMNS network.

    Nodes, links, geometries and zones are those of the network, in km and km/h. Data that GMNS lacks (vehicles, values
    of time, demand in tonnes) are set to the defaults of :mod:`landlink.formats.gmns_defaults`, each marked as an
    estimate. All assumptions are listed in the ``README.md`` of the new study.

    Parameters
    ----------
    source
        Folder with ``node.csv`` and ``link.csv``; ``config``, ``geometry``, ``zone``, ``use_definition``,
        ``use_group``, ``segment`` (gradients) and ``demand`` are used if present.
    target
        Folder to create; it must not exist, or must be empty.

    Returns
    -------
    list of str
        Data to check, replace or complete, the most important first.

    Raises
    ------
    InputError
        The network is not valid GMNS; lists all problems.
    OutputError
        The target is not empty or cannot be written.
    """
    folder = Path(source)
    check_new_folder(target)
    files = read_files(folder)
    network = network_of(files)
    notes = [*network.notes, *_unread(folder)]
    zone = zones_of(files, network, notes)
    demand = demand_of(files, zone, network.link, notes)
    name = network.name or Path(target).resolve().name
    tables = _tables(network, zone, demand, name, notes)
    notes.append("Replace the round numbers of vehicle.csv and commodity.csv: costs, payloads, values of time.")
    notes.append(f"Set base_year in study.toml: it is {defaults.BASE_YEAR}, since the network does not state its year.")
    with new_folder(target) as made:
        for table, frame in tables.items():
            write_table(frame, TABLES[table], made / f"{table}.csv")
        (made / "study.toml").write_text(_settings(Path(target), name, network, demand), encoding="utf-8", newline="\n")
        (made / "README.md").write_text(_readme(name, folder, tables, notes), encoding="utf-8", newline="\n")
        _check(made)
    return notes


def _check(made: Path) -> None:
    """Validate the new tables; rows are named by key, since line numbers differ from those of the network."""
    try:
        read_tables(made)
    except InputError as error:
        raise InputError(replace(problem, row=_LINE.sub(r"\1", problem.row)) for problem in error.problems) from None


def _tables(
    network: GmnsNetwork, zone: pd.DataFrame, demand: pd.DataFrame, name: str, notes: list[str]
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
        "terminal": _terminals(network.link, notes),
        "commodity": pd.DataFrame([defaults.COMMODITY | marked]),
        "vehicle": pd.DataFrame(vehicles),
        "demand": demand,
        "source": pd.DataFrame(sources),
    }
    return {table: frame for table, frame in tables.items() if len(frame)}


def _terminals(link: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
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
        notes.append(
            f"Check {len(rows)} terminals, created wherever two modes meet, with {time:g} h and {cost:g} USD/t each."
        )
    return pd.DataFrame(rows).assign(**defaults.TERMINAL, quality="estimated", source=defaults.SOURCE_ID)


def _unread(folder: Path) -> list[str]:
    """Note files of the specification that are not used."""
    there = [f"{name}.csv" for name in _GMNS_TABLES if (folder / f"{name}.csv").exists()]
    return [f"Not used, except gradients in segment.csv: {', '.join(there)}."] if there else []


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


def _readme(name: str, folder: Path, tables: dict[str, pd.DataFrame], notes: list[str]) -> str:
    counts = "\n".join(f"- `{table}.csv`: {len(frame)} rows" for table, frame in tables.items())
    tasks = "\n".join(f"- {note}" for note in notes)
    return f"""# {name}

A landlink study, created from the GMNS network in the folder `{folder.resolve().name}`.
Lengths are in km, speeds in km/h, money in USD.

## To check, replace or complete

The network does not contain all data needed for freight. The following was assumed or left out:

{tasks}

## Tables

{counts}
"""
