"""Sites of response units in a study: weights, worth, agreements and files, against figures found by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.core.errors import InputError, OutputError, UnknownNameError
from landlink.resilience.base import ShockBase
from landlink.resilience.hazards import hazards_of
from landlink.resilience.response_losses import SolvedLosses, freight_of_links, read_losses
from landlink.resilience.response_needs import Call
from landlink.resilience.response_schema import RESPONSE as SCHEMA
from landlink.resilience.response_schema import read_response
from landlink.resilience.shock_runs import ShockRuns
from landlink.study.disturbed_places import PlaceRow
from tests.support.response_study import LOSSES, RESPONSE, SITES, THREE_COUNTRIES, UNITS
from tests.support.small_study import write_small_study


@pytest.fixture
def study(tmp_path: Path) -> ll.Study:
    return ll.open_study(write_small_study(tmp_path / "study", **RESPONSE))


def clearing(study: ll.Study, **options: object) -> ll.ResponsePlan:
    return ll.response_sites(study, kinds=["clearing"], losses=LOSSES, **({"units": 1} | options))


# 2 landslides a year on R1, a thousand USD an hour; 1 mudflow on R2, 500 USD an hour, over after 48 hours. The unit at
# N1 is at R1 after 1 + 50 / 60 h and does not get to R2, from N2 it takes as long.
AT_ONCE = 1 + 50 / 60


def test_weights_are_events_times_the_price_of_an_hour(study: ll.Study) -> None:
    (plan,) = clearing(study).kinds
    assert [(need.hazard, need.weight, need.most_h) for need in plan.kind.needs] == [
        ("flow", 500.0, 48.0), ("slide", 2000.0, 72.0),
    ]  # fmt: skip


def test_a_unit_is_worth_the_loss_that_it_avoids(study: ll.Study) -> None:
    found = clearing(study)
    (plan,) = found.kinds
    assert plan.chosen.units.tolist() == [1, 0, 1]  # east, gate-b, west
    assert plan.worth_usd_per_year == pytest.approx(500 * (48 - AT_ONCE))
    assert plan.cost_usd == 1.5e6
    assert plan.chosen.gap == 0
    worth = dict(zip(*(found.rows("site")[name] for name in ("row", "worth_usd_per_year")), strict=True))
    assert worth == pytest.approx({"east": 500 * (48 - AT_ONCE), "gate-b": 0.0, "west": 2000 * (72 - AT_ONCE)})


def test_slowed_places_cost_what_capacity_they_lack(study: ll.Study) -> None:
    (plan,) = ll.response_sites(study, kinds=["team"], losses=LOSSES, units=0).kinds
    assert plan.problem.weight.tolist() == [4 * 48_000 / 24 * 0.5]
    assert plan.chosen.expected_h.tolist() == [2.0]


def test_shared_units_pass_the_border(study: ll.Study) -> None:
    (plan,) = clearing(study, units=0, shared=["AAA-BBB"]).kinds
    times = dict(zip((need.hazard for need in plan.kind.needs), plan.chosen.expected_h.tolist(), strict=True))
    assert times == pytest.approx({"slide": AT_ONCE, "flow": 1 + 100 / 60 + 1 + 50 / 60})


def test_units_are_added_as_long_as_they_save_more_than_they_cost(study: ll.Study) -> None:
    # 1.5 million USD once over twenty years at 9 % are 164,000 a year, and 10,000 to keep it: a mudflow of 500 USD an
    # hour does not bear that, one of 5,000 USD an hour does.
    for factor, units in ((1.0, 0), (10.0, 1)):
        losses = LOSSES | {"link:R2": 12_000.0 * factor}
        (plan,) = ll.response_sites(study, kinds=["clearing"], losses=losses).kinds
        assert plan.chosen.units[0] == units


def test_budgets_limit_what_is_opened(study: ll.Study) -> None:
    for budget, worth in ((1.4, 0.0), (1.5, 500 * (48 - AT_ONCE))):
        (plan,) = clearing(study, units=None, budget_musd=budget).kinds
        assert plan.worth_usd_per_year == pytest.approx(worth)


def test_rescue_counts_by_events_and_cannot_be_set_against_money(study: ll.Study) -> None:
    (plan,) = ll.response_sites(study, kinds=["rescue"], units=1).kinds
    assert {need.hazard: need.weight for need in plan.kind.needs} == {"slide": 2.0, "flow": 1.0}
    assert plan.chosen.units.sum() == 2
    # With no number of units and no budget, what stands is kept and said.
    found = ll.response_sites(study, kinds=["rescue"])
    (plan,) = found.kinds
    assert (plan.chosen.units == plan.kind.standing).all()
    assert any("not counted in money" in note for note in found.notes)


def test_durations_fall_by_the_time_saved(study: ll.Study) -> None:
    found = clearing(study)
    assert found.durations_days == pytest.approx({"flow": 2 - (48 - AT_ONCE) / 24})
    after = found.study().at(2023).tables["hazard"].set_index("hazard_id")["duration_days"]
    assert after["flow"] == pytest.approx(AT_ONCE / 24, rel=1e-5)
    assert after["slide"] == 4


def test_the_centre_and_covering_have_their_own_objectives(study: ll.Study) -> None:
    (centre,) = clearing(study, objective="centre").kinds
    assert centre.chosen.value == pytest.approx(AT_ONCE)
    (cover,) = clearing(study, objective="cover", within_h=2.0).kinds
    assert (cover.now.value, cover.chosen.value) == (2000.0, 2500.0)


def test_kinds_that_no_hazard_calls_are_sited_by_freight(study: ll.Study) -> None:
    found = ll.response_sites(study, kinds=["train"], units=1)
    assert any("no hazard of the study calls" in note for note in found.notes)
    (plan,) = found.kinds
    assert [need.place.key for need in plan.kind.needs] == ["T1", "T2"]
    flows = freight_of_links(ShockBase.of(study.at(2023)))
    assert plan.problem.weight.tolist() == pytest.approx([flows[need.place] for need in plan.kind.needs])
    assert plan.chosen.units.tolist() == [1, 1]


def test_freight_of_links_is_that_of_a_result(study: ll.Study) -> None:
    by_link = freight_of_links(ShockBase.of(study.at(2023)))
    year = ll.solve(study.at(2023), options=ll.SolverOptions(relative_gap=1e-8)).indicator("total.tkm_per_year")
    assert sum(by_link.values()) * 365 == pytest.approx(year, rel=1e-5)


def test_an_hour_of_a_long_closure_costs_no_less_than_one_of_a_short_closure(study: ll.Study) -> None:
    base = ShockBase.of(study.at(2023))
    losses = SolvedLosses(base, ShockRuns(1))
    slide = next(one for one in hazards_of(study.at(2023)) if one.id == "slide")
    place = PlaceRow("link", "R1")
    losses.solve([Call(place, slide, 2.0, 24.0), Call(place, slide, 2.0, 96.0)])
    assert len(losses._per_day) == 2  # four days, and three
    short, whole = losses.usd_per_h(slide, place, 24.0), losses.usd_per_h(slide, place, 96.0)
    # The last day of four costs more than the mean of all.
    assert 0 < whole < short


def test_agreements_are_weighed_by_the_best_sites_for_each(tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "study", **THREE_COUNTRIES))
    losses = dict.fromkeys(("link:R1", "link:R2", "link:R3", "link:R4"), 24.0)
    found = ll.response_sites(study, units=1, losses=losses, coordination=True)
    (plan,) = found.kinds
    cases = {(case.what, case.who): case.value for case in plan.sharing.cases}
    # Alone: R1 after 1 h from N1, R2 and R3 after 1 h from N2, R4 from outside.
    assert cases["nobody", ""] == pytest.approx(1 + 1 + 1 + 100)
    # With all: R4 from N2 after 2 + 1 + 1 h.
    assert cases["everybody", ""] == pytest.approx(1 + 1 + 1 + 4)
    assert plan.sharing.indispensable == ("BBB-CCC",)
    assert plan.sharing.sufficient == ("BBB-CCC",)
    # Without B and C: a unit in C helps itself after 1 h, and A helps B after 2 + 1 + 1 and 2 + 1 + 2 + 1 h.
    assert cases["refused", "BBB-CCC"] == pytest.approx(1 + 4 + 6 + 1)
    rows = found.rows("sharing").set_index(["case", "row"])["refusing_costs"]
    assert rows["alone", "BBB"] == pytest.approx(cases["alone", "BBB"] - 7)
    assert rows["everybody", ""] == 0
    assert not {("group", "AAA-BBB-CCC")} & set(cases)


def test_more_agreements_never_cost_more(tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "study", **THREE_COUNTRIES))
    losses = {"link:R1": 5.0, "link:R2": 24.0, "link:R3": 70.0, "link:R4": 24.0}
    sets = ((), ("AAA-BBB",), ("AAA-BBB", "BBB-CCC"), ("AAA-BBB", "BBB-CCC", "AAA-CCC"))
    for objective, sign in (("median", 1), ("centre", 1), ("cover", -1)):
        values = [
            ll.response_sites(study, units=1, losses=losses, shared=shared, objective=objective).kinds[0].chosen.value
            for shared in sets
        ]
        assert values == sorted(values, reverse=sign > 0)


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    header, *rows = SITES.strip().splitlines()
    turned = "\n".join([header, *reversed(rows)]) + "\n"
    files = []
    for name, sites in (("one", SITES), ("two", turned)):
        study = ll.open_study(write_small_study(tmp_path / name, **(RESPONSE | {"response_site": sites})))
        table = ll.response_sites(study, kinds=["clearing", "team"], losses=LOSSES, units=1).table
        files.append(table.drop(columns="study_hash").to_csv())
    assert files[0] == files[1]


def test_a_saved_table_is_read_back(study: ll.Study, tmp_path: Path) -> None:
    found = clearing(study, coordination=True)
    assert SCHEMA.mismatches(found.table) == []
    assert not found.table.duplicated([column.name for column in SCHEMA.columns if column.key]).any()
    path = found.save(tmp_path / "response.csv")
    again = read_response(path)
    assert again["record"].tolist() == found.table["record"].tolist()
    assert again["hours"].to_numpy() == pytest.approx(found.table["hours"].to_numpy(), nan_ok=True)
    with pytest.raises(OutputError):
        found.save(tmp_path / "response.svg")
    (tmp_path / "other.csv").write_text("record,unit_id\ntotal,clearing\n")
    with pytest.raises(InputError):
        read_response(tmp_path / "other.csv")


def test_losses_are_read_from_tables_of_places(study: ll.Study, tmp_path: Path) -> None:
    path = tmp_path / "losses.csv"
    path.write_text(
        "scenario,table,row,with_table,with_row,country,added_cost_usd_per_day\n"
        "today,link,R1,,,,24000\ntoday,link,R1,,,AAA,9\ntoday,link,R2,link,R1,,7\nlater,link,R1,,,,5\ntoday,link,R2,,,,12000\n"
    )
    assert read_losses(path, study.scenario("today")).usd_per_day == {
        PlaceRow("link", "R1"): 24_000,
        PlaceRow("link", "R2"): 12_000,
    }
    plan = ll.response_sites(study.scenario("today"), kinds=["clearing"], losses=path, units=1)
    assert plan.kinds[0].worth_usd_per_year == pytest.approx(500 * (48 - AT_ONCE))
    assert any("for every day alike" in note for note in plan.notes)
    path.write_text("scenario,place,loss_usd_per_day\nlater,link:R1,24000\n")
    with pytest.raises(InputError, match="this one has later"):
        read_losses(path, study.scenario("today"))
    # A closure that saves something, as Braess's does, loses nothing.
    path.write_text("place,loss_usd_per_day\nlink:R1,24000\nlink:R2,-9000\n")
    assert read_losses(path).usd_per_day == {PlaceRow("link", "R1"): 24_000, PlaceRow("link", "R2"): 0}


def test_losses_of_another_year_or_study_are_refused(study: ll.Study, tmp_path: Path) -> None:
    today, path = study.scenario("today"), tmp_path / "losses.csv"
    header = "scenario,table,row,with_row,country,added_cost_usd_per_day,year,study_hash\n"
    of_today = f"now,link,R1,,,24000,{today.year},{today.study.hash}\n"
    others = f"later,link,R1,,,99000,{today.year + 7},{today.study.hash}\nplan,link,R2,,,99000,{today.year},abc\n"
    path.write_text(header + others + of_today)
    assert read_losses(path, today).usd_per_day == {PlaceRow("link", "R1"): 24_000}
    path.write_text(header + others)
    with pytest.raises(InputError, match=f"this one has later, {today.year + 7}; plan, {today.year}"):
        ll.response_sites(today, kinds=["clearing"], losses=path, units=1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("place,usd\nlink:R1,1\n", "no table of losses by place"),
        ("place,loss_usd_per_day\nlink:R1,much\n", "invalid value"),
        ("place,loss_usd_per_day\nlnik:R1,1\n", "not a place"),
    ],
)
def test_tables_of_something_else_are_refused(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "losses.csv").write_text(text)
    with pytest.raises(InputError) as error:
        read_losses(tmp_path / "losses.csv")
    assert told in str(error.value)


def test_wrong_questions_are_refused(study: ll.Study, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'clearing'"):
        ll.response_sites(study, kinds=["clearin"], units=1)
    with pytest.raises(InputError, match="no node of the study is in this country"):
        clearing(study, shared=["AAA-ZZZ"])
    with pytest.raises(InputError, match="needs a limit"):
        clearing(study, units=None, objective="cover")
    with pytest.raises(InputError, match="not a place"):
        ll.response_sites(study, units=1, kinds=["clearing"], losses={"R1": 1.0})
    with pytest.raises(InputError, match="no response units to site"):
        ll.response_sites(ll.open_study(write_small_study(tmp_path / "bare")), units=1)


def test_measures_can_build_sites(tmp_path: Path) -> None:
    tables = RESPONSE | {
        "measure": "measure_id,name,kind\nbase,A base in the east,project\n",
        "effect": "measure_id,table,row,column,operation,value\nbase,response_site,east,status,set,existing\n",
    }
    folder = write_small_study(tmp_path / "study", **tables)
    settings = (folder / "study.toml").read_text().replace('apply = ["bypass"]', 'apply = ["base"]')
    (folder / "study.toml").write_text(settings)
    (plan,) = clearing(ll.open_study(folder).apply("base"), units=0).kinds
    assert plan.now.units.tolist() == [1, 0, 1]


def test_two_units_that_may_be_busy(tmp_path: Path) -> None:
    units = UNITS.replace(
        "clearing,Road clearing,road,link,landslide;mudflow,1,1,1,1,,,72", "clearing,,road,,landslide,1,1,1,1,0.5,1,72"
    )
    study = ll.open_study(write_small_study(tmp_path / "study", **(RESPONSE | {"response_unit": units})))
    (plan,) = clearing(study).kinds
    # A second unit at the same site: free with a half, the second with a quarter, else help from outside.
    assert plan.chosen.units.tolist() == [0, 0, 2]
    assert plan.chosen.expected_h.tolist() == pytest.approx([0.75 * AT_ONCE + 0.25 * 72])
