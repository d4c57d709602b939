"""What is allowed in a study and may still be unintended: said by ``check`` and in the notes of a result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from landlink.core.countries import country_name
from landlink.indicators.comparability import is_brought_to, why_never_comparable
from landlink.study.absolute_effects import absolute_notes, bounded_notes, fixed_notes
from landlink.study.constant_notices import constant_notices
from landlink.study.disturbance_notices import disturbance_notices
from landlink.study.free_times import bounded_times
from landlink.study.freight_beyond_trade import freight_beyond_trade
from landlink.study.growth import growth_notes
from landlink.study.idle_effects import idle_measures, told
from landlink.study.physical_checks import NOTED_DETOUR, winding_links
from landlink.study.price_years import price_year_notes
from landlink.study.study import Study
from landlink.tables.frames import Tables, numbers, records, texts
from landlink.tables.lists import split_list

__all__ = ["idle_capacities", "notices", "table_notices", "unguarded_borders"]

#: Names listed in a notice of a result; the others are counted.
_LISTED = 20
#: Families whose links meet at nodes, so that two of them can change country there.
_ON_LAND = frozenset(("road", "rail"))


def notices(study: Study, *, most: int | None = _LISTED) -> list[str]:
    """List everything in a study that is allowed but may be unintended.

    Parameters
    ----------
    study
        The study.
    most
        Names listed in a notice, the others are counted; ``None``: all.
    """
    if study.border_alone:
        return ["no network and no demand: the crossings can be simulated, the study cannot be solved"]
    of_measures = [*_idle_measures(study), *_absolute_effects(study)]
    of_constants = constant_notices(study.tables, study.settings)
    others = [*_beyond_growth(study), *_observations_not_compared(study, most), *price_year_notes(study)]
    disturbed = [f"{what}: {_listed(names, most)}" for what, names in disturbance_notices(study) if names]
    return [*table_notices(study.tables, most=most), *of_measures, *of_constants, *others, *disturbed]


def table_notices(tables: Tables, *, most: int | None = _LISTED) -> list[str]:
    """List what may be unintended in tables: free borders, capacities that never bind, links that are very long."""
    found = []
    if free := unguarded_borders(tables):
        found.append(f"links that cross a border without a crossing, so without time and charge: {_listed(free, most)}")
    if idle := idle_capacities(tables):
        found.append(
            "capacities that never bind, since delays grow in proportion to a time or factor of 0:"
            f" {_listed(idle, most)}; give a time, delay_h or curve_a, or a hard_capacity"
        )
    if bounded := bounded_times(tables):
        found.append(
            "observed times of crossings that hold hardly more than the wait of their curve, so that the time without a"
            f" queue is its lower bound least_free_h: {_listed(bounded, most)}"
        )
    if winding := winding_links(tables):
        what = f"links more than {NOTED_DETOUR:g} times as long as the distance they cover (metres?)"
        found.append(f"{what}: {_listed(winding, most)}")
    if nameless := nameless_groups(tables):
        found.append(f"groups of countries without a name, so that pages show their code: {_listed(nameless, most)}")
    if beyond := freight_beyond_trade(tables):
        what = "freight in demand worth over three times the trade of its countries in trade, at its value densities"
        found.append(f"{what}: {_listed(beyond, most)}")
    return found


def nameless_groups(tables: Tables) -> list[str]:
    """Find groups of countries that trade, whose codes begin with X, and that have a name in no language."""
    world = tables["trade_country"]
    columns = [texts(world, column) for column in map(str, world) if column == "name" or column.startswith("name_")]
    bare = [code for code, *names in zip(texts(world, "country"), *columns, strict=True) if not any(names)]
    return [code for code in bare if code.startswith("X") and not country_name(code)]


def unguarded_borders(tables: Tables) -> list[str]:
    """Find links across a border without a crossing; they are allowed, but crossing them is free.

    The ends of the link are in different countries; or it lies in several; or it meets, at a node without a crossing of
    its family, another road or railway of which it shares no country.
    """
    node, link, vehicle = tables["node"], tables["link"], tables["vehicle"]
    country = dict(zip(texts(node, "node_id"), texts(node, "country"), strict=True))
    family_of = dict(zip(texts(vehicle, "mode"), texts(vehicle, "family"), strict=True))
    guarded = set(zip(texts(tables["crossing"], "node_id"), texts(tables["crossing"], "family"), strict=True))
    columns = ("link_id", "from_node_id", "to_node_id", "mode", "country", "crossing_id")
    meeting: dict[tuple[str, str], list[tuple[str, frozenset[str]]]] = {}
    found: dict[str, None] = {}
    for name, start, end, mode, listed, crossing in zip(*(texts(link, column) for column in columns), strict=True):
        family, countries = family_of[mode], frozenset(split_list(listed))
        open_ends = [(place, family) for place in (start, end) if (place, family) not in guarded]
        if len({country[start], country[end]} - {""}) > 1 or len(countries) > 1:
            if not crossing and len(open_ends) == 2:
                found[name] = None
        elif family in _ON_LAND and countries:
            for place in open_ends:
                meeting.setdefault(place, []).append((name, countries))
    for links in meeting.values():
        apart = (one for one, here in links for _, there in links if not here & there)
        found.update(dict.fromkeys(apart))
    order = texts(link, "link_id")
    return [name for name in order if name in found]


def idle_capacities(tables: Tables) -> list[str]:
    """Find capacities of links, terminals and crossings that delay nothing, although no curve is switched off.

    Congestion multiplies a time: that of a link or terminal, and ``delay_h`` or the mean time of a crossing. Where it
    is 0, or the first parameter of BPR is, any overload passes without delay.
    """
    stage, crossing = tables["stage"], tables["crossing"]
    delay = numbers(crossing, "delay_h")
    mean = (numbers(crossing, "time_ab_h") + numbers(crossing, "time_ba_h")) / 2
    staged = set(zip(stage["crossing_id"], stage["family"], strict=True))
    simulated = [
        wait == "simulated" and key in staged
        for *key_parts, wait in zip(crossing["crossing_id"], crossing["family"], crossing["wait"], strict=True)
        for key in (tuple(key_parts),)
    ]
    scales = {
        "link": np.ones(len(tables["link"])),
        "terminal": numbers(tables["terminal"], "time_h"),
        "crossing": np.where(simulated, 1.0, np.where(np.isnan(delay), mean, delay)),
    }
    return [name for table, scale in scales.items() for name in _without_delay(tables, table, scale)]


def _without_delay(tables: Tables, table: str, scale_h: np.ndarray) -> Iterator[str]:
    frame = tables[table]
    capacity = numbers(frame, "capacity_t_per_day" if table == "terminal" else "capacity_vehicles_per_day")
    bends = (frame["curve"] != "none").to_numpy(dtype=bool)
    flat = (scale_h == 0) | ((numbers(frame, "curve_a") == 0) & (frame["curve"] != "conical").to_numpy(dtype=bool))
    keys = ("crossing_id", "family") if table == "crossing" else (f"{table}_id",)
    idle = ~np.isnan(capacity) & bends & flat & np.isnan(numbers(frame, "hard_capacity"))
    for row in np.flatnonzero(idle).tolist():
        yield f"{table} {'/'.join(str(frame[key].iat[row]) for key in keys)}"


def _idle_measures(study: Study) -> Iterable[str]:
    """Measures that cannot act: in the scenarios that apply them, and alone in every year that they are in force."""
    settings, found = study.settings, dict[str, None]()
    for scenario in study.scenarios.values():
        found.update(dict.fromkeys(told(scenario.idle_effects, scenario.year)))
    years = sorted({settings.base_year, *settings.years, *(scenario.year for scenario in settings.scenarios)})
    seen = {line.partition(" ")[0] for line in found}
    measure = study.tables["measure"]
    needs = dict(zip(texts(measure, "measure_id"), map(split_list, texts(measure, "requires")), strict=True))
    for name in dict.fromkeys(texts(study.tables["effect"], "measure_id")):
        if name in seen:
            continue
        alone = _with_needs(study, name, needs)
        in_force = [year for year in reversed(years) if name not in alone.inactive_measures(year)]
        # Most measures act in the last year, which settles it.
        if in_force and all(name in idle_measures(alone.idle_effects(year)) for year in in_force):
            idle = [one for one in alone.idle_effects(in_force[0]) if one.measure == name]
            found.update(dict.fromkeys(told(idle, in_force[0])))
    return found


def _absolute_effects(study: Study) -> Iterator[str]:
    """Effects that take or set a fixed amount, and where they take more than there is in a scenario of the study."""
    for scenario in study.scenarios.values():
        yield from bounded_notes(scenario.bounded_effects)
    yield from absolute_notes(study.tables)
    yield from fixed_notes(study.tables, study.settings)


def _beyond_growth(study: Study) -> list[str]:
    """Years of the study that the growth of demand does not reach."""
    settings, goods = study.settings, study.tables["commodity"]["commodity_id"]
    years = sorted({*settings.years, *(scenario.year for scenario in settings.scenarios)})
    return [note for year in years for note in growth_notes(study.tables["growth"], goods, settings.base_year, year)]


def _with_needs(study: Study, name: str, needs: dict[str, tuple[str, ...]]) -> Study:
    """The study with one measure and those that it requires, directly or not, before it."""
    chosen, waiting = [name], [name]
    while waiting:
        for other in needs[waiting.pop()]:
            if other not in chosen:
                chosen.append(other)
                waiting.append(other)
    return study.bare().apply(*reversed(chosen))


def _observations_not_compared(study: Study, most: int | None) -> Iterator[str]:
    """Observations that no scenario of the study is compared with, by the reason."""
    settings = study.settings
    years = sorted({settings.base_year, *(scenario.year for scenario in settings.scenarios)})
    of_years = f"no rule of theirs (to_year, years_apart) brings them to {', '.join(map(str, years))}"
    found: dict[str, list[str]] = {}
    for row in records(study.tables["observed"]):
        if not row["indicator"]:
            reason = "no indicator counts this"
        elif not any(is_brought_to(row, year) for year in years):
            reason = of_years
        else:
            reason = why_never_comparable(row)
        if reason:
            found.setdefault(reason, []).append(str(row["observed_id"]))
    if most is not None and len(found) > 1:
        reasons = sorted(((len(names), reason) for reason, names in found.items()), reverse=True)
        told = "; ".join(f"{number:,} since {reason}" for number, reason in reasons)
        yield f"{sum(number for number, _ in reasons):,} observations are not compared with the model: {told}"
        return
    for reason, names in found.items():
        what = f"observations that are not compared with the model ({len(names):,}), since {reason}"
        yield f"{what}: {_listed(names, most)}"


def _listed(names: Sequence[str], most: int | None) -> str:
    shown = names[:most]
    return ", ".join(shown) + (f" and {len(names) - len(shown):,} more" if len(names) > len(shown) else "")
