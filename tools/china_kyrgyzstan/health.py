"""Tables ``prevalence``, ``sensitivity`` and ``health``: infection among drivers, tests and contacts.

Detection by PCR, incubation and the spread of the course of an infection are in ``health.toml``, with their sources. Most other figures
are recalled from papers and were not read again: they are estimates here, and their notes say so. A figure without an
interval of its own takes one in proportion from a figure of the same test that has one.
"""

from __future__ import annotations

import math
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Final

from tools.china_kyrgyzstan.facts import read
from tools.china_kyrgyzstan.quality import quality_of
from tools.china_kyrgyzstan.sources import Sources

Row = dict[str, Any]

RECALLED: Final = "Recalled, not read again."
NOTHING: Final = "On the day of infection there is nothing to find."
#: Day since infection of each point of the curve by day.
ANTIGEN_DAYS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 10, 14)
VARIANTS: Final = ("", "alpha", "beta", "delta", "omicron")
#: Two counts of confirmed cases, whose difference is the incidence between them.
COUNT_DAYS: Final = (date(2020, 5, 22), date(2020, 6, 2))


class Facts:
    """Rows of ``epi.csv`` by parameter and setting."""

    def __init__(self, facts: Path, sources: Sources) -> None:
        self._rows = {(row["parameter"], row["variant_or_setting"]): row for row in read(facts, "epi.csv")}
        self._sources = sources

    def number(self, parameter: str, setting: str, column: str = "value") -> float:
        return float(self._rows[parameter, setting][column])

    def row(self, parameter: str, setting: str, *, scale: float = 1.0, digits: int = 6) -> Row:
        """Value, bounds, quality and source of a fact."""
        fact = self._rows[parameter, setting]
        ends = {name: round(scale * float(fact[name]), digits) for name in ("value", "lower", "upper") if fact[name]}
        recalled = quality_of(fact["quality"], fact["source"]) == "estimated" and "recalled" in fact["source"]
        return ends | {
            "quality": quality_of(fact["quality"], fact["source"]),
            "source": self._sources.add(fact["source"]),
            "note": RECALLED if recalled else "",
        }

    def cite(self, *keys: tuple[str, str]) -> str:
        return ";".join(dict.fromkeys(self._sources.add(self._rows[key]["source"]) for key in keys))


def build(facts: Path, sources: Sources, _tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Build the three tables."""
    epi = Facts(facts, sources)
    read_again = tomllib.loads((Path(__file__).parent / "health.toml").read_text("utf-8"))
    return {
        "prevalence": _prevalence(facts, epi),
        "sensitivity": [*_pcr(read_again, sources), *_antigen(epi)],
        "health": [
            *_course(epi, read_again, sources),
            *_contacts(epi, sources),
            *_tests(facts, epi, sources),
            _standing(facts, sources),
        ],
    }


def _point(test: str, day: int, row: Row, bounds: tuple[float, float] | None = None, note: str = "") -> Row:
    """A point of a curve; ``bounds`` multiply a value that has no interval of its own."""
    row = dict(row)
    value = row.pop("value")
    if bounds and value:
        row |= {"lower": round(value * bounds[0], 3), "upper": round(min(1.0, value * bounds[1]), 3)}
    row["note"] = " ".join(filter(None, (row["note"], note)))
    return {"test": test, "day": day, "sensitivity": value, **row}


def _none(test: str, row: Row) -> Row:
    return {"test": test, "day": 0, "sensitivity": 0, "quality": "estimated", "source": row["source"], "note": NOTHING}


def _pcr(read_again: dict[str, Any], sources: Sources) -> list[Row]:
    """Two accounts of PCR by day since infection, with the intervals published for each day."""
    found = []
    for test, name in (("pcr", "kucirka"), ("pcr_hellewell", "hellewell")):
        cited = {"quality": "published", "source": _cite(read_again[name], sources), "note": ""}
        points = [_published(test, day, cited, *figures) for day, *figures in read_again[name]["by_day"]]
        found += points if points[0]["day"] == 0 else [_none(test, cited), *points]
    return found


def _published(test: str, day: int, cited: Row, value: float, lower: float, upper: float) -> Row:
    ends = {"lower": lower, "upper": upper} if lower < upper else {}
    return {"test": test, "day": day, "sensitivity": value, **ends, **cited}


def _cite(entry: dict[str, Any], sources: Sources) -> str:
    return sources.add(entry["source"], url=entry["url"])


def _antigen(epi: Facts) -> list[Row]:
    name = "antigen sensitivity asymptomatic"
    bounds = tuple(epi.number(name, "all", end) / epi.number(name, "all") for end in ("lower", "upper"))
    note = "Interval in proportion to that of all without signs (47.7 to 61.6 about 54.7 %)."
    by_day = {d: epi.row(f"antigen sensitivity day {d} after infection", "wild type", scale=0.01) for d in ANTIGEN_DAYS}
    points = [_point("antigen", day, row, (bounds[0], bounds[1]), note) for day, row in by_day.items()]
    return [_none("antigen", by_day[1]), *points]


def _of(parameter: str, applies_to: str, row: Row, note: str = "") -> Row:
    row = row | {"note": " ".join(filter(None, (row["note"], note)))}
    return {"parameter": parameter, "applies_to": applies_to, **row}


def _course(epi: Facts, read_again: dict[str, Any], sources: Sources) -> list[Row]:
    means = read_again["incubation_mean"]
    pooled = {"quality": "published", "source": _cite(means, sources), "note": ""}
    ends = ("value", "lower", "upper")
    incubation = [
        _of("incubation_days", name, pooled | dict(zip(ends, means[name or "wild"], strict=True))) for name in VARIANTS
    ]
    before = epi.row("infectiousness starts before onset", "wild")
    lasts = epi.row("duration of infectious virus", "pre-Alpha/Delta")
    half = 1.96 * (of := read_again["infectious"])["cv"] * of["mean"] / math.sqrt(of["persons"])
    mean = {"value": of["mean"], "lower": round(of["mean"] - half, 2), "upper": round(of["mean"] + half, 2)}
    from_to = " to ".join(map(str, of["quartiles"]))
    quartiles = f"Mean of a gamma distribution in which the middle half of persons has {from_to} days."
    spread = {"quality": "estimated", "source": lasts["source"], "note": lasts["note"]}
    return [
        *incubation,
        *_incubation_spread(read_again, sources),
        _of("infectious_before_onset_days", "", before, "Of the wild type."),
        _of("infectious_days", "", spread | mean, f"Before Alpha, and Delta. {quartiles}"),
        _of("infectious_cv", "", spread | {"value": of["cv"]}, f"Of the same distribution, {from_to} days."),
    ]


def _incubation_spread(read_again: dict[str, Any], sources: Sources) -> list[Row]:
    """Coefficients of variation of the incubation period: of the wild type, and of each variant."""
    pooled, variants = read_again["incubation"], read_again["incubation_of_variants"]
    found = [round(math.sqrt(math.expm1(sigma * sigma)), 3) for sigma in pooled["sigma"]]
    cited = {"quality": "published", "source": _cite(pooled, sources), "note": ""}
    sigma, low, high = pooled["sigma"]
    note = f"From the sigma of a lognormal distribution, {sigma:g} ({low:g} to {high:g})."
    rows = [_of("incubation_cv", "", cited | dict(zip(("value", "lower", "upper"), found, strict=True)), note)]
    cited = {"quality": "published", "source": _cite(variants, sources), "note": ""}
    for name in filter(None, VARIANTS):
        mean, deviation = variants[name]
        note = f"Standard deviation of {deviation:g} days at a mean of {mean:g}."
        rows.append(_of("incubation_cv", name, cited | {"value": round(deviation / mean, 3)}, note))
    return rows


def _contacts(epi: Facts, sources: Sources) -> list[Row]:
    through = ("contacts per truck through drive", "2-5 day stay in host country")
    swap = ("passengers+crew contact per truck at swap", "contactless swap")
    spread = ("basic reproduction number", "wild")
    lasts = ("duration of infectious virus", "pre-Alpha/Delta")
    own = {"quality": "estimated", "source": sources.add("Own estimate"), "note": ""}
    days = 3.5
    # Contacts of an infectious driver over his infectious days, at the rate of a drive through the country.
    contacts = epi.number(*through) / days * epi.number(*lasts)
    chance = {end: round(epi.number(*spread, end) / contacts, 4) for end in ("value", "lower", "upper")}
    derived = own | chance | {"source": epi.cite(spread, through, lasts)}
    waiting = epi.row("added risk from waiting for results at border", "Malaba-Tororo", scale=0.01)
    return [
        _of("stay_days", "", own | {"value": days, "lower": 2, "upper": 5}, "Middle of a stay of 2 to 5 days."),
        _of("contacts", "contactless", epi.row(*swap)),
        _of("contacts", "trailer_swap", epi.row(*swap), "As at a swap without contact."),
        _of("contacts", "driver_swap", own | {"value": 1, "lower": 0.5, "upper": 2}, "The driver who takes over."),
        _of(
            "contacts", "escort", own | {"value": 1, "lower": 0.2, "upper": 3}, "Fuel, toll, papers; 8 without escort."
        ),
        _of(
            "infection_per_contact",
            "",
            derived,
            f"Basic reproduction number {epi.number(*spread):g} over {contacts:.1f} contacts in {epi.number(*lasts):g} infectious days, 8 contacts in a stay of {days} days.",
        ),
        _of("handlings", "", epi.row("contacts per truck manual transload", "crew of 6-8")),
        _of(
            "infection_per_handling",
            "",
            epi.row("risk of infection per fomite contact", "wild", scale=0.01),
            "Less than this.",
        ),
        _of(
            "waiting_infection",
            "",
            waiting | {"value": waiting["value"] / 2, "lower": 0, "upper": waiting["value"], "quality": "estimated"},
            "Published as up to 6 %; its half stands for the mean.",
        ),
    ]


def _tests(facts: Path, epi: Facts, sources: Sources) -> list[Row]:
    gate = {row["measure"]: row for row in read(facts, "measures.csv")}
    slow, quick = gate["PCR at gate"], gate["rapid antigen test at gate"]
    own = sources.add("Own estimate")
    pcr = {"value": float(slow["value"]), "lower": 6, "upper": 24, "note": "Wait for the result at a gate."}
    rapid = {"value": float(quick["value"]), "lower": 0.25, "upper": 0.5, "note": "15 to 30 minutes."}
    pcr, rapid = (row | {"quality": "estimated", "source": own} for row in (pcr, rapid))
    return [
        _of("turnaround_h", "pcr", pcr),
        _of("turnaround_h", "pcr_hellewell", pcr),
        _of("turnaround_h", "antigen", rapid),
        _of("specificity", "antigen", epi.row("antigen specificity", "all", scale=0.01)),
    ]


def _standing(facts: Path, sources: Sources) -> Row:
    (row,) = (row for row in read(facts, "costs.csv") if "standing cost" in row.values())
    source = sources.add(row["source"])
    return {
        "parameter": "usd_per_vehicle_h",
        "value": 9,
        "lower": 6,
        "upper": 15,
        "quality": quality_of(row["quality"], row["source"]),
        "source": source,
        "note": "A truck that stands: driver, capital, idling.",
    }


def _prevalence(facts: Path, epi: Facts) -> list[Row]:
    """Prevalence of Kyrgyz drivers from case counts; of others, from tests at Ugandan points of entry."""
    people = sum(
        float(row["population"])
        for row in read(facts, "zones.csv")
        if row["country"] == "KGZ" and row["kind"] == "internal"
    )
    first, last = (("confirmed cases", f"KG {day}") for day in COUNT_DAYS)
    per_day = (epi.number(*last) - epi.number(*first)) / (COUNT_DAYS[1] - COUNT_DAYS[0]).days / people
    seen, times = (
        ("ascertainment in KG 2020-2021", "KG"),
        ("driver prevalence multiplier over home incidence", "Central Asia"),
    )
    found = {
        end: float(f"{per_day / epi.number(*seen, other) * epi.number(*times, end):.3g}")
        for end, other in (("value", "value"), ("lower", "upper"), ("upper", "lower"))
    }
    rule = f"{per_day * 1e6:.1f} confirmed a day and million people between the two counts, over the share of infections that is confirmed ({epi.number(*seen):g}), times drivers over others ({epi.number(*times):g})."
    overall = ("overall positivity to 29 May 2020", "Uganda")
    days = [("positivity among truck drivers 2020-05-" + day, "Uganda points of entry") for day in ("11", "14")]
    uganda = epi.row(*overall, scale=0.01) | {"quality": "estimated", "source": epi.cite(overall, *days)}
    uganda |= {"lower": round(0.01 * epi.number(*days[0]), 6), "upper": round(0.01 * epi.number(*days[1]), 6)}
    stand_in = "Counted at Ugandan points of entry, 442 of 89,224 tests; the bounds are the least and the most of four days. It stands in for drivers of countries without figures of their own: a guess, high for a quiet time."
    return [
        {
            "country": "KGZ",
            "from_date": COUNT_DAYS[0].isoformat(),
            "counted": "incidence_per_day",
            **found,
            "quality": "estimated",
            "source": epi.cite(first, last, seen, times),
            "note": rule,
        },
        {
            "country": "*",
            "from_date": "2020-05",
            "counted": "positive_share",
            **uganda,
            "test": "pcr",
            "note": stand_in,
        },
    ]
