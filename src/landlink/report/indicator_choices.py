"""The indicators that a reviewer can choose from: all that landlink computes, and those of a study with its places.

A page gets each form of indicator once, with what it can be found by, and the names of places once; the names of the
indicators of a study are short.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from landlink.indicators.registry import INDICATORS, Indicator
from landlink.report.words import Words
from landlink.tables.frames import records, texts
from landlink.tables.schemas import FAMILIES

if TYPE_CHECKING:
    from landlink.study import Study

__all__ = ["indicator_choices"]

#: Most places of a study listed for one indicator; a reviewer can still type any other.
_MOST_PLACES: Final = 600
_DIRECTIONS: Final = ("ab", "ba")
#: What people call what an indicator measures, by a part of its name.
_PLAIN: Final = {
    "crossing.time_h": "waiting wait queue delay border post checkpoint",
    "time_h": "hours duration travel transit journey",
    "trucks": "lorries lorry vehicles cars traffic road",
    "trains": "railway wagons traffic",
    "tonnes": "freight cargo goods volume traffic",
    "trade": "exports imports bilateral",
    "speed": "fast",
    "cost": "price tariff rate expense money",
    "shadow_price": "capacity bottleneck limit",
    "crossing": "border post checkpoint port of entry",
    "haul": "distance length",
}
#: Words of units, by a part of the unit as written.
_UNITS: Final = {
    "t": "tonnes tons", "tkm": "tonne-kilometres", "km": "kilometres", "USD": "dollars", "year": "annual",
    "day": "daily", "vehicle": "vehicles", "vehicles": "vehicle", "trains": "train",
}  # fmt: skip


def indicator_choices(words: Words, study: Study | None = None) -> dict[str, Any]:
    """Give the indicators to choose from, with what they are searched by.

    Parameters
    ----------
    words
        Language of the page.
    study
        A study; indicators are also listed for its crossings, borders, countries and modes.

    Returns
    -------
    dict
        ``forms``: for each indicator by name, its form, unit, meaning, plain words, and the least and most arguments.
        ``names``: first those of the study, then the form of each indicator with its arguments.
        ``places``: for each place or mode, its name in the language and its names in all.
        ``sides``: for each crossing, the countries a and b.
    """
    names = [item.form for item in INDICATORS.values()]
    found: dict[str, Any] = {"forms": {item.name: _form(item, words) for item in INDICATORS.values()}}
    if study is None:
        return found | {"names": names, "places": {}, "sides": {}, "crossings": None}
    own = [*_of_study(study)]
    crossings = records(study.tables["crossing"])
    return found | {
        "names": [*own, *(name for name in names if "[" in name)],
        "places": _places_named(study, words),
        "sides": {str(row["crossing_id"]): [str(row["country_a"]), str(row["country_b"])] for row in crossings},
        "crossings": sorted({str(row["crossing_id"]) for row in crossings}),
    }


def _form(item: Indicator, words: Words) -> dict[str, Any]:
    label = words.get(f"indicator.{item.name}.{item.least_arguments}", "").replace("{0}", "").replace("{1}", "")
    plain = [text for part, text in _PLAIN.items() if part in item.name]
    units = [_UNITS[part] for part in str(item.unit).replace(" ", "/").split("/") if part in _UNITS]
    return {
        "form": item.form,
        "unit": item.unit.text,
        "meaning": item.meaning,
        "plain": " ".join((label, *plain, *units)).strip(),
        "arguments": [item.least_arguments, len(item.argument_names)],
    }


def _places_named(study: Study, words: Words) -> dict[str, list[str]]:
    """Name crossings, terminals and countries: in the language of the page, and in all for the search."""
    found: dict[str, list[str]] = {}
    for table, key in (("terminal", "terminal_id"), ("crossing", "crossing_id")):
        for row in records(study.tables[table]):
            every = {str(value) for name, value in row.items() if str(name).partition("_")[0] == "name" and value}
            found[str(row[key])] = [words.name(row, key), " ".join(sorted(every))]
    english = Words("en")
    for code in {str(code) for code in texts(study.tables["zone"], "country")}:
        name = words.country(code)
        found[code] = [name or code, f"{name} {english.country(code)}"]
    return found


def _of_study(study: Study) -> Iterator[str]:
    values = _values(study)
    for item in INDICATORS.values():
        for place in _places(item, values):
            yield item.with_arguments(*place)


def _values(study: Study) -> dict[str, list[tuple[str, ...]]]:
    """Give the values of each argument, and of arguments that occur together in a row."""
    crossing = study.tables["crossing"]
    columns = [texts(crossing, name) for name in ("crossing_id", "family", "country_a", "country_b")]
    rows = [*zip(*columns, strict=True)]
    borders: list[tuple[str, ...]] = [(*pair, family) for _, family, a, b in rows for pair in ((a, b), (b, a))]
    countries = sorted(
        {country for *pair, _ in borders for country in pair} | {*texts(study.tables["zone"], "country")}
    )
    found: dict[str, list[tuple[str, ...]]] = {
        "crossing,family": [(name, family) for name, family, _, _ in rows],
        "border": borders,
        "country": [(name,) for name in ("ALL", *countries)],
        "family": [(name,) for name in FAMILIES],
        "mode": [(name,) for name in texts(study.tables["vehicle"], "mode")],
        "alternative": [(alternative.id,) for alternative in study.settings.alternatives],
        "terminal": [(name,) for name in texts(study.tables["terminal"], "terminal_id")],
    }
    return {name: list(dict.fromkeys(values)) for name, values in found.items()}


def _places(item: Indicator, values: Mapping[str, list[tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    """Combine the values of the required arguments; none where there are too many places."""
    names = item.argument_names[: item.least_arguments]
    family = item.implied.get("family")
    found: list[tuple[str, ...]] = []
    if names[:1] == ("crossing",) and set(names) <= {"crossing", "family", "direction"}:
        sides = _DIRECTIONS if "direction" in names else ("",)
        rows = [row for row in values["crossing,family"] if family in (None, row[1])]
        found = [(*row, side)[: len(names)] for row in rows for side in sides]
    elif names[:2] in (("from", "to"), ("country", "country")) and set(names[2:]) <= {"family"}:
        found = [row[: len(names)] for row in values["border"] if family in (None, row[2])]
    elif all(name in values for name in names):
        found = [tuple(part for given in parts for part in given) for parts in product(*(values[n] for n in names))]
    yield from dict.fromkeys(found[:_MOST_PLACES])
