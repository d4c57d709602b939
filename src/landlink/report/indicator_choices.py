"""The indicators that a reviewer can choose from: all that landlink computes, and those of a study with its places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import TYPE_CHECKING, Final

from landlink.indicators.registry import INDICATORS, Indicator
from landlink.tables.frames import texts
from landlink.tables.schemas import FAMILIES

if TYPE_CHECKING:
    from landlink.study import Study

__all__ = ["indicator_choices"]

#: Most places of a study listed for one indicator; a reviewer can still type any other.
_MOST_PLACES: Final = 600


def indicator_choices(study: Study | None = None) -> list[tuple[str, str, str]]:
    """List the indicators to choose from.

    Parameters
    ----------
    study
        A study; indicators are also listed for its crossings, borders, countries and modes.

    Returns
    -------
    list of tuple
        Name, unit and meaning of each: first those of the study, then the form of each indicator with its arguments.
    """
    forms = [(item.form, str(item.unit), item.meaning) for item in INDICATORS.values()]
    if study is None:
        return forms
    return [*_of_study(study), *(choice for choice in forms if "[" in choice[0])]


def _of_study(study: Study) -> Iterator[tuple[str, str, str]]:
    values = _values(study)
    for item in INDICATORS.values():
        for place in _places(item, values):
            yield item.with_arguments(*place), str(item.unit), item.meaning


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
    if names[:1] == ("crossing",) and set(names) <= {"crossing", "family"}:
        found = [row[: len(names)] for row in values["crossing,family"] if family in (None, row[1])]
    elif names[:2] in (("from", "to"), ("country", "country")) and set(names[2:]) <= {"family"}:
        found = [row[: len(names)] for row in values["border"] if family in (None, row[2])]
    elif all(name in values for name in names):
        found = [tuple(part for given in parts for part in given) for parts in product(*(values[n] for n in names))]
    yield from dict.fromkeys(found[:_MOST_PLACES])
