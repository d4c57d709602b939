"""The bundled study's measures and observations: all projects are there, and each effect does what it says."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from landlink.border.bottleneck import find_bottlenecks
from landlink.border.transit_times import horizon_pipeline, simulate_transit
from landlink.indicators.registry import INDICATORS
from landlink.study import Study, network_checks
from landlink.study.effects import effect_problems, in_force
from landlink.study.free_times import bounded_times, free_times
from landlink.tables.lists import split_list
from tests.support.bundled import bundled_study
from tools.china_kyrgyzstan import city_pairs, crossings, measure_effects, periods
from tools.china_kyrgyzstan.measures import _entries

ROOT = Path(__file__).parents[2]
FACTS = ROOT.parent / "shared" / "facts"
RAILWAYS = {"cku-railway": 530, "cku-railway-523": 523, "cku-railway-486-whole": 486}

facts = pytest.mark.skipif(not FACTS.is_dir(), reason="needs the shared folder beside the checkout")


@pytest.fixture(scope="module")
def study() -> Study:
    return bundled_study()


@pytest.fixture(scope="module")
def register(study) -> pd.DataFrame:
    return study.table("measure").set_index("measure_id", drop=False)


def fact_rows(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_every_effect_names_rows_and_columns_that_exist_and_values_that_fit(study):
    assert list(effect_problems(study.tables)) == []


def test_a_measure_has_effects_if_and_only_if_it_is_modelled(study, register):
    with_effects = set(study.table("effect")["measure_id"])
    assert with_effects == set(register[register["modelled"]]["measure_id"])


def test_measures_without_effects_have_a_reason(register):
    silent = register[~register["modelled"]]
    assert len(silent) > 20
    assert silent["note"].str.contains("Not modelled: ").all()


@facts
def test_every_project_of_the_facts_is_a_measure(register):
    projects = {row["project_id"]: row for row in fact_rows("projects.csv")}
    taken = {entry["fact"]: entry["id"] for entry in _entries() if "fact" in entry}
    assert set(taken) == set(projects)
    for project, measure in taken.items():
        row = register.loc[measure]
        assert row["kind"] == "project"
        assert row["countries"] == projects[project]["countries"]
        cost = projects[project]["cost_musd"]
        assert pd.isna(row["cost_musd"]) if not cost else row["cost_musd"] == float(cost)


@facts
def test_energy_projects_are_known_and_change_grids_alone(study, register):
    energy = {row["project_id"] for row in fact_rows("projects.csv") if row["mode"] == "energy"}
    ids = [entry["id"] for entry in _entries() if entry.get("fact") in energy]
    assert len(ids) == len(energy) == 12
    silent = {name for name in ids if not register.loc[name, "modelled"]}
    # A line, and a rehabilitation whose further energy nobody has published.
    assert silent == {"casa-1000", "toktogul-rehabilitation"}
    effects = study.table("effect").set_index("measure_id")
    assert set(effects.loc[[name for name in ids if name not in silent], "table"]) == {"renewable"}


def test_measures_that_exclude_each_other_say_so_on_both_sides(register):
    for measure, row in register.iterrows():
        for other in split_list(row["excludes"]):
            assert measure in split_list(register.at[other, "excludes"]), f"{other} does not exclude {measure}"
            assert measure != other


@cache
def in_2040(*measures: str) -> dict[str, pd.DataFrame]:
    """Tables that measures change, as they are once all of them are in force."""
    tables = bundled_study().apply(*measures).tables_in(2040)
    changed = ("link", "terminal", "crossing", "stage", "rule", "constant", "vehicle", "fleet", "renewable")
    return {name: tables[name] for name in changed}


def test_each_modelled_measure_leaves_the_tables_sound(study, register):
    """No length below the great circle, no negative time, nothing that the study's own checks refuse."""
    for measure in register[register["modelled"]]["measure_id"]:
        applied = in_2040(*split_list(register.at[measure, "requires"]), measure)
        links = {**study.tables, "link": applied["link"]}
        assert list(network_checks.short_links(links)) == [], measure
        crossing = applied["crossing"]
        for column in ("time_ab_h", "time_ba_h", "p95_extra_h", "cost_ab_usd_per_vehicle", "cost_ba_usd_per_vehicle"):
            assert (crossing[column] >= 0).all(), f"{measure}: {column}"


def test_each_modelled_measure_changes_something_when_in_force(study, register):
    """A measure that repeats what the network holds already would be no measure."""
    for measure in register[register["modelled"]]["measure_id"]:
        assert in_force(register.loc[measure], 2040)
        needed = split_list(register.at[measure, "requires"])
        before, after = in_2040(*needed), in_2040(*needed, measure)
        assert any(not before[name].equals(after[name]) for name in before), measure


def way(tables: dict[str, pd.DataFrame], modes: set[str], origin: str, destination: str, names: set[str]) -> float:
    """Length of a chain of links from one node to another, changing mode at open terminals only; NaN if broken."""
    links = tables["link"]
    edges: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    for row in links[links["link_id"].isin(names) & links["mode"].isin(modes)].itertuples():
        edges[row.from_node_id].append((row.to_node_id, row.mode, row.length))
        edges[row.to_node_id].append((row.from_node_id, row.mode, row.length))
    changes = {(r.node_id, frozenset((r.mode_a, r.mode_b))) for r in tables["terminal"].itertuples()}
    place, last, total, seen = origin, "", 0.0, {origin}
    while place != destination:
        onward = [edge for edge in edges[place] if edge[0] not in seen]
        if len(onward) != 1:
            return float("nan")
        node, mode, length = onward[0]
        if last and mode != last and (place, frozenset((last, mode))) not in changes:
            return float("nan")
        place, last, total = node, mode, total + length
        seen.add(place)
    return total


@pytest.mark.parametrize("measure", RAILWAYS)
def test_the_railway_runs_from_kashgar_to_andijan_with_a_change_of_gauge_at_makmal(study, measure):
    names = {f"RL02{n}" for n in range(7)}
    tables = study.apply(measure).tables_in(2030)
    assert way(tables, {"rail_1435", "rail_1520"}, "KASH", "ANDI", names) == pytest.approx(RAILWAYS[measure], abs=0.5)
    opened = tables["crossing"].set_index(["crossing_id", "family"])["in_service"]
    assert opened["TORU", "rail"]
    assert opened["KHAN", "rail"]
    modes = tables["link"].set_index("link_id")["mode"]
    assert (modes["RL023"], modes["RL024"]) == ("rail_1435", "rail_1520")


def test_the_railway_is_not_there_without_its_measure_nor_before_2030(study):
    names = {f"RL02{n}" for n in range(7)}
    for tables in (study.tables_in(2030), study.apply("cku-railway").tables_in(2029)):
        assert not set(tables["link"]["link_id"]) & names
        assert not tables["crossing"].set_index(["crossing_id", "family"])["in_service"]["TORU", "rail"]


def test_the_chosen_railway_is_486_km_of_new_line(study, register):
    length = study.apply("cku-railway").tables_in(2030)["link"].set_index("link_id")["length"]
    china, kyrgyzstan = length["RL020"], sum(length[f"RL02{n}"] for n in range(1, 6))
    assert (china, round(kyrgyzstan, 1)) == (164, 312.0)
    assert register.at["cku-railway", "length_km"] == china + kyrgyzstan + 10


def test_one_way_traffic_leaves_only_the_way_from_china(study):
    ruled = study.apply("pandemic-one-way")
    crossing = ruled.tables_in(2023)["crossing"].set_index(["crossing_id", "family"])
    for post in ("TORU", "IRKE"):
        row = crossing.loc[post, "road"]
        into = {"ab": row["country_b"], "ba": row["country_a"]}[row["directions"]]
        assert into == "KGZ"
        # Bays for trailers pass 10 to 15 trucks a day there and back.
        (bottleneck,) = find_bottlenecks(horizon_pipeline(ruled, post, "road", 2023))
        assert 10 < bottleneck.capacity < 25


@pytest.mark.parametrize(
    ("measure", "post", "year", "more"),
    [
        ("torugart-modernisation", "TORU", 2030, 1.2),
        ("kg-cn-seven-days", "TORU", 2023, 1.35),
        ("kg-cn-round-the-clock", "TORU", 2030, 1.5),
        ("borders-one-third-faster", "IRKE", 2023, 1.45),
    ],
)
def test_measures_at_the_simulated_posts_act_on_their_stages(study, measure, post, year, more):
    measured = study.apply(measure)

    def capacity(one):
        return min(found.capacity for found in find_bottlenecks(horizon_pipeline(one, post, "road", year)))

    assert capacity(measured) > more * capacity(study)
    assert not any(idle.whole for idle in measured.idle_effects(year))


def test_irkeshtam_modernised_is_faster_where_kyrgyz_officers_limit_it(study):
    def times(one):
        return simulate_transit(horizon_pipeline(one, "IRKE", "road", 2030), replications=1, seed=1).mean_h[0]

    measured = study.apply("irkeshtam-modernisation")
    assert (times(measured) < times(study) - 0.1).all()
    assert measured.idle_effects(2030) == []


@pytest.mark.parametrize(("measure", "hours"), [("pandemic-pcr-at-gate", 12), ("pandemic-antigen-at-gate", 0.5)])
def test_tests_at_the_gate_take_their_time_and_no_capacity(study, measure, hours):
    def times(one):
        return simulate_transit(horizon_pipeline(one, "TORU", "road", 2024), replications=1, seed=1).mean_h[0]

    # Kyrgyz officers work around the clock in 2024, so that the wait for a result ends in no closed night there.
    assert (times(study.apply(measure)) - times(study))[1] == pytest.approx(hours, abs=1.5)


def test_capacities_of_the_posts_are_those_of_their_peaks(study):
    """More than 1,000 vehicles passed each post on the busiest days of 2025, in fourteen hours of the Chinese side."""
    row = study.table("crossing").set_index(["crossing_id", "family"])
    for post in ("TORU", "IRKE"):
        assert row.at[(post, "road"), "capacity_basis"] == "peak"
        found = find_bottlenecks(horizon_pipeline(study, post, "road", 2024))
        # Five days of seven in 2024.
        assert len(found) == 2
        assert sum(one.capacity for one in found) * 7 / 5 > 1000


def test_every_total_gives_up_its_wait_once(study):
    crossing = study.table("crossing")
    land = crossing[crossing["family"] != "water"]
    assert (land["time_includes"] == "wait").all()
    assert bounded_times(study.tables) == []
    free = free_times(crossing)
    assert (free.wait_h < free.observed_h).all()
    loads = sorted(
        flow.trucks / crossings.CAPACITY[node].trucks
        for node, flow in crossings.OBSERVED_FLOW.items()
        if node in crossings.CAPACITY
    )
    assert loads[len(loads) // 2] == pytest.approx(crossings.USUAL_LOAD, abs=0.1)


def test_closing_a_crossing_leaves_it_shut(study):
    crossing = study.apply("close-khorgos").tables_in(2023)["crossing"]
    assert not crossing[crossing["crossing_id"] == "KHOR"]["in_service"].any()
    assert crossing[crossing["crossing_id"] == "IRKE"]["in_service"].all()


def test_names_are_written_in_their_own_scripts(register):
    scripts = {
        "name_ru": r"[а-яА-Я]",
        "name_zh": r"[\u4e00-\u9fff]",
        "name_ky": r"[а-яА-ЯөүңӨҮҢ]",
        "name_ar": r"[\u0600-\u06ff]",
    }
    for column, letters in scripts.items():
        named = register.loc[register[column] != "", column]
        assert len(named) >= 15
        assert named.str.contains(letters).all()
    assert (register["name_en"] != "").all()


def test_measures_and_scenarios_have_a_title_in_each_of_the_five_languages(study, register):
    columns = ["name_en", "name_ru", "name_zh", "name_ky", "name_ar"]
    untitled = register.loc[(register[columns] == "").any(axis=1)].index
    assert list(untitled) == []
    for scenario in study.settings.scenarios:
        assert all(scenario.names.get(language) for language in ("ru", "zh", "ky", "ar")), scenario.id
    # English is the title itself; two measures by one title could not be told apart.
    for column in columns:
        assert register[column].is_unique, column


@facts
def test_every_check_point_is_an_observation_with_its_tolerance(study):
    observed = study.table("observed").set_index("observed_id")
    for row in fact_rows("check_points.csv"):
        kept = observed.loc[f"check-{row['id'].lower()}"]
        assert kept["value"] == pytest.approx(float(row["value"]))
        if row["tolerance"].endswith("%"):
            assert kept["tolerance"] == pytest.approx(float(row["tolerance"][:-1]) / 100)
        if row["tolerance"] == "lower bound":
            assert kept["bound"] == "lower"


def test_indicators_of_observations_exist_and_name_what_the_study_has(study):
    """Each name is in the vocabulary; nodes, zones, crossings, links, countries and commodities are in the tables."""
    tables = study.tables
    known = (
        set(tables["node"]["node_id"]) | set(tables["zone"]["zone_id"]) | set(tables["crossing"]["crossing_id"])
        | set(tables["link"]["link_id"]) | set(tables["node"]["country"]) | set(tables["commodity"]["commodity_id"])
        | set(tables["vehicle"]["mode"]) | set(tables["vehicle"]["family"])
        | {"ab", "ba", "ALL"} | {alternative.id for alternative in study.settings.alternatives}
    )  # fmt: skip
    for text in tables["observed"]["indicator"]:
        for name, arguments in re.findall(r"([a-z_.]+)\[([^\]]*)\]", text):
            assert name in INDICATORS
            assert set(arguments.split(",")) <= known, text
        assert text.count("/") <= 1


def test_observations_without_a_counterpart_say_so(study):
    observed = study.table("observed")
    lonely = observed[observed["indicator"] == ""]
    assert lonely["note"].str.contains("No counterpart|pandemic").all()
    assert (observed["scale"] > 0).all()


def test_pairs_whose_links_were_fitted_are_marked(study):
    observed = study.table("observed")
    distances = observed[observed["heading"] == "Distances"].set_index("what")["role"]
    assert len(distances) == 43
    for pair in ("Bishkek–Osh, road", "Osh–Irkeshtam crossing, road", "Balykchy–Jalal-Abad, road"):
        assert distances[pair] == "input"
    assert distances["Almaty–Novosibirsk, rail"] == "validation"


def test_distances_follow_the_path_of_the_facts_where_a_shorter_one_exists():
    def link(name: str, start: str, end: str, length: float) -> dict[str, object]:
        return {"link_id": name, "from_node_id": start, "to_node_id": end, "length": length, "mode": "road"}

    graph = city_pairs._graph([link("1", "A", "B", 10), link("2", "B", "C", 10), link("3", "A", "C", 12)])
    assert list(city_pairs._pieces(["A", "B", "C"], "road", graph)) == [
        "distance.km[A,B,road]",
        "distance.km[B,C,road]",
    ]
    assert list(city_pairs._pieces(["A", "C"], "road", graph)) == ["distance.km[A,C,road]"]


@pytest.mark.parametrize(
    ("period", "year", "share"),
    [
        ("2023", 2023, 1.0),
        ("2023M1-9", 2023, 0.75),
        ("2024H1", 2024, 0.5),
        ("2025Q1", 2025, 0.25),
        ("2025M1", 2025, 1 / 12),
        ("2024-12-20/2025-01-20", 2024, 32 / 365),
        ("2024-09/2025-03", 2024, 7 / 12),
        ("2025-01/11", 2025, 11 / 12),
        ("n.d.", None, 1.0),
    ],
)
def test_periods_are_read(period, year, share):
    assert periods.year_of(period) == year
    assert periods.share_of_year(period) == pytest.approx(share)


def test_directions_of_effects_are_looked_up_in_the_crossing():
    tables = {
        "crossing": [
            {"crossing_id": "X", "family": "road", "node_id": "X", "country_a": "KGZ", "country_b": "CHN"},
            {"crossing_id": "Y", "family": "road", "node_id": "Y", "country_a": "CHN", "country_b": "KGZ"},
        ]
    }
    rows = list(measure_effects.effect_rows("crossing X/road;Y/road time[CHN>KGZ] add 2", tables))
    assert [(row["row"], row["column"]) for row in rows] == [("X/road", "time_ba_h"), ("Y/road", "time_ab_h")]
    rows = list(measure_effects.effect_rows("crossing KGZ-CHN/road directions set KGZ>CHN", tables))
    assert [(row["row"], row["value"]) for row in rows] == [("X/road", "ab"), ("Y/road", "ba")]
    with pytest.raises(SystemExit, match="no crossing Z"):
        list(measure_effects.effect_rows("crossing Z/road close", tables))
