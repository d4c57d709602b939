"""A synthetic freight study of any size: roads and railways of four countries, crossings, terminals and five goods."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

#: Spacing of nodes, degrees of longitude and latitude; rows of the grid between two crossings.
STEP_DEGREES, CROSSING_EVERY = 0.1, 5
COUNTRIES = ("AAA", "BBB", "CCC", "DDD")
#: Every how many rows and columns a railway runs along the road.
RAIL_EVERY = 4
#: Value, value of time (USD/t/h) and logit scale (t/USD) of each good.
GOODS = {"grain": (280, 0.02, 0.07), "ore": (90, 0.01, 0.09), "fruit": (700, 0.9, 0.02), "machines": (9000, 0.6, 0.01),
         "textiles": (6000, 0.5, 0.012)}  # fmt: skip


def write_study(folder: Path, *, nodes: int = 20_000, zones: int = 300, seed: int = 0) -> None:
    """Write a study with about ``nodes`` nodes and two and a half links for each.

    Every zone sends every good to all others.
    """
    random = np.random.default_rng(seed)
    columns = int(np.sqrt(2 * nodes)) // 4 * 4
    rows = nodes // columns
    column, row = np.meshgrid(np.arange(columns), np.arange(rows))
    name = np.array([f"N{number}" for number in range(rows * columns)])
    country = np.array(COUNTRIES)[column.ravel() * 4 // columns]
    tables = {
        "node": pd.DataFrame(
            {
                "node_id": name,
                "x_coord": (30 + STEP_DEGREES * column.ravel()).round(4),
                "y_coord": (40 + STEP_DEGREES * row.ravel() * 0.5).round(4),
                "country": country,
            }
        )
    }
    tables["link"], at = _links(name.reshape(rows, columns), country.reshape(rows, columns), random)
    tables["crossing"] = _crossings(at, random)
    places = random.choice(rows * columns, zones, replace=False)
    stations = _stations(name.reshape(rows, columns))
    tables["zone"] = pd.DataFrame(
        {"zone_id": [f"Z{z}" for z in range(zones)], "node_id": name[places], "country": country[places]}
    )
    tables["terminal"] = pd.DataFrame(
        {"terminal_id": [f"T{s}" for s in stations], "node_id": stations, "mode_a": "road", "mode_b": "rail_1520",
         "time_h": 24, "cost_usd_per_t": 4}
    )  # fmt: skip
    tables["commodity"] = pd.DataFrame(
        [(good, *values) for good, values in GOODS.items()],
        columns=["commodity_id", "value_usd_per_t", "value_of_time_usd_per_t_h", "logit_scale"],
    )
    tables["vehicle"] = pd.DataFrame(
        {"mode": ["road", "rail_1520"], "family": ["road", "rail"], "payload_t": [20, 2000], "empty_return": [0.5, 0.4],
         "cost_usd_per_vehicle_km": [1.4, 50], "load_usd_per_t": [3, 5], "curve": ["bpr", "bpr"], "curve_a": [1, 1],
         "curve_b": [4, 4]}
    )  # fmt: skip
    tables["demand"] = _demand(tables["zone"], random)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text('id = "synthetic"\ntitle = "Synthetic"\nbase_year = 2023\n', encoding="utf-8")
    for table, frame in tables.items():
        frame.to_csv(folder / f"{table}.csv", index=False)


def _links(name: np.ndarray, country: np.ndarray, random: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Roads in both directions of the grid with some diagonals, railways along some; and the nodes at borders."""
    steps = [(name[:, :-1], name[:, 1:], 8.5), (name[:-1], name[1:], 5.6), (name[:-1, :-1], name[1:, 1:], 10.2)]
    lands = [(country[:, :-1], country[:, 1:]), (country[:-1], country[1:]), (country[:-1, :-1], country[1:, 1:])]
    parts, borders = [], []
    for kind, ((begin, end, km), (land, other)) in enumerate(zip(steps, lands, strict=True)):
        line = np.indices(begin.shape)[1 if kind == 1 else 0]
        open_ = (land == other) | ((line % CROSSING_EVERY == 0) & (kind == 0))
        kept = open_ & ((land != other) | (random.random(begin.shape) < (0.97 if kind < 2 else 0.25)))
        # The node at a border lies in the first country, so that a link over it lies wholly in the second.
        road = pd.DataFrame(
            {"from_node_id": begin[kept], "to_node_id": end[kept], "mode": "road", "country": other[kept]}
        )
        road["length"] = (km * random.uniform(1, 1.4, len(road))).round(2)
        road["free_speed"] = random.choice([40, 60, 80], len(road))
        road["capacity_vehicles_per_day"] = random.choice([300, 1000, 4000], len(road))
        parts.append(road)
        if kind < 2:
            rail = (line % RAIL_EVERY == 0) & open_
            ends = {"from_node_id": begin[rail], "to_node_id": end[rail]}
            lines = pd.DataFrame({**ends, "mode": "rail_1520", "country": other[rail]})
            lines["length"] = (km * random.uniform(1, 1.3, len(lines))).round(2)
            lines["free_speed"] = 40
            lines["capacity_vehicles_per_day"] = 20
            parts.append(lines)
        at = np.nonzero(open_ & (land != other))
        borders.append(pd.DataFrame({"node_id": begin[at], "country_a": land[at], "country_b": other[at]}))
    links = pd.concat(parts, ignore_index=True)
    links.insert(0, "link_id", [f"L{number}" for number in range(len(links))])
    links["directed"] = 0
    return links, pd.concat(borders, ignore_index=True)


def _crossings(at: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    both = pd.concat([at.assign(family="road"), at.assign(family="rail")], ignore_index=True)
    both.insert(0, "crossing_id", "X" + both["node_id"])
    both["time_ab_h"] = random.uniform(2, 30, len(both)).round(1)
    both["time_ba_h"] = random.uniform(2, 30, len(both)).round(1)
    both["capacity_vehicles_per_day"] = np.where(both["family"] == "road", 400, 15)
    both["delay_h"] = 12
    both["curve"], both["curve_a"], both["curve_b"] = "bpr", 1, 4
    return both


def _stations(name: np.ndarray) -> np.ndarray:
    """Nodes with both road and railway where freight can change: every fifth crossing of two railways."""
    return np.asarray(name[:: 5 * RAIL_EVERY, :: 5 * RAIL_EVERY].ravel())


def _demand(zone: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    origin, destination = np.nonzero(~np.eye(len(zone), dtype=bool))
    goods = np.array(list(GOODS))
    size = len(origin) * len(goods)
    names = zone["zone_id"].to_numpy()
    return pd.DataFrame(
        {
            "origin_zone_id": np.repeat(names[origin], len(goods)),
            "destination_zone_id": np.repeat(names[destination], len(goods)),
            "commodity_id": np.tile(goods, len(origin)),
            "tonnes_per_year": random.lognormal(4.3, 1.2, size).round(1),
        }
    )
