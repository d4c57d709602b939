"""Where the places of the ranking of bottlenecks lie: in which countries, and whether in the region of a study."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from landlink.tables.lists import split_list

__all__ = ["countries_of_places", "lie_in", "region_of", "study_names"]


def region_of(tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """Countries of the region: those with a zone that is no gateway; all with a zone if every zone is one.

    Parameters
    ----------
    tables
        Tables of a result.
    """
    zone = tables["zone"]
    return set(zone.loc[zone["kind"] != "gateway", "country"]) or set(zone["country"])


def study_names(tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, str]]:
    """Names that a study gives to its countries, in any language, each with the code.

    Parameters
    ----------
    tables
        Tables of a result.
    """
    boundary = tables.get("boundary")
    if boundary is None or "country" not in boundary:
        return []
    columns = [column for column in boundary if column == "name" or str(column).startswith("name_")]
    return [
        (str(name), str(code))
        for column in columns
        for name, code in zip(boundary[column], boundary["country"], strict=True)
        if pd.notna(name) and name and pd.notna(code)
    ]


def countries_of_places(tables: Mapping[str, pd.DataFrame]) -> dict[tuple[str, str], set[str]]:
    """Countries in which each place lies, or on whose border, by its kind and identifier.

    A crossing lies in both countries that it joins, and so does a terminal at the node of a crossing; links of one load
    group lie in all their countries.

    Parameters
    ----------
    tables
        Tables of a result.
    """
    crossing, link, terminal = (tables[name] for name in ("crossing", "link", "terminal"))
    of_node = {
        str(key): {str(country)} for key, country in zip(*_columns(tables["node"], "node_id", "country"), strict=True)
    }
    found: dict[tuple[str, str], set[str]] = {}
    for key, node, *ends in zip(
        *_columns(crossing, "crossing_id", "node_id", "from_country", "to_country"), strict=True
    ):
        found.setdefault(("crossing", key), set()).update(ends)
        of_node.setdefault(node, set()).update(ends)
    for key, countries in zip(*_columns(link, "load_group", "country"), strict=True):
        found.setdefault(("link", key), set()).update(split_list(countries))
    for key, node in zip(*_columns(terminal, "terminal_id", "node_id"), strict=True):
        found.setdefault(("terminal", key), set()).update(of_node.get(node, ()))
    return {key: countries - {""} for key, countries in found.items()}


def lie_in(tables: Mapping[str, pd.DataFrame], places: pd.DataFrame, countries: Collection[str]) -> pd.Series[bool]:
    """Whether places lie in some countries or on their borders.

    Parameters
    ----------
    tables
        Tables of a result.
    places
        Columns ``kind`` and ``place_id``, such as the table ``bottleneck``.
    countries
        Codes of the countries.
    """
    of_place, wanted = countries_of_places(tables), set(countries)
    keys = zip(places["kind"], places["place_id"], strict=True)
    return pd.Series([bool(wanted & of_place.get(key, set())) for key in keys], index=places.index, dtype=bool)


def _columns(frame: pd.DataFrame, *names: str) -> list[pd.Series[str]]:
    return [frame[name] for name in names]
