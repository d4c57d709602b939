"""Green measures of the bundled study: plants as published, fleets that add up, costs and sources, and a curve."""

from __future__ import annotations

import pytest

import landlink as ll
from landlink.carbon.renewables import annual_gwh
from landlink.tables.lists import split_list
from tests.support.bundled import bundled_study

GREEN = (
    "bishkek-balykchy-electrification", "block-trains", "border-post-solar", "cku-electrification", "freight-exchange",
    "kashgar-bishkek-battery-trucks", "kashgar-osh-lng-trucks", "lugovaya-bishkek-electrification",
    "motorway-truck-speed",
)  # fmt: skip
#: Published power and energy: MW and GWh a year.
PUBLISHED = {
    "toru-aigyr-solar": (300, 600), "ysyk-kol-1-solar": (1900, 3600), "kok-moinok-wind": (100, 290),
    "upper-naryn-cascade": (237.7, 942),
}  # fmt: skip


@pytest.fixture(scope="module")
def study():
    return bundled_study()


def test_plants_have_their_published_power_and_energy(study):
    plants = study.table("renewable").set_index("project_id")
    energy = dict(zip(plants.index, annual_gwh(plants), strict=True))
    for name, (mw, gwh) in PUBLISHED.items():
        assert plants.loc[name, "mw"] == mw
        assert energy[name] == pytest.approx(gwh, rel=1e-3)
    dam = [name for name in plants.index if name.startswith("kambar-ata-1-")]
    assert plants.loc[dam, "mw"].sum() == pytest.approx(1860)
    assert sum(energy[name] for name in dam) == pytest.approx(5600, rel=1e-3)
    assert set(plants.loc[dam, "country"]) == {"KGZ", "KAZ", "UZB"}


def test_every_plant_is_planned_and_opened_by_its_measure(study):
    plants = study.table("renewable")
    assert (plants["status"] == "planned").all()
    effects = study.table("effect")
    opens = effects[(effects["table"] == "renewable") & (effects["operation"] == "open")]
    opened = {(row.measure_id, plant) for row in opens.itertuples() for plant in split_list(row.row)}
    assert opened == set(zip(plants["measure_id"], plants["project_id"], strict=True))


def test_green_measures_have_names_sources_and_costs(study):
    register = study.table("measure").set_index("measure_id")
    costs = study.table("investment").set_index("measure_id")
    for name in GREEN:
        row = register.loc[name]
        assert all(row[f"name_{code}"].strip() for code in ("en", "ru", "zh", "ky", "ar")), name
        assert row["source"]
        assert row["note"]
        built = costs.loc[[name]]
        built = built[built["kind"] == "construction"]
        assert (built["amount_musd"] > 0).all()
        assert (built["life_years"] > 0).all()
        assert built["source"].str.strip().all()


def test_fleets_of_corridors_add_up_before_and_after(study):
    for measures in ((), ("kashgar-bishkek-battery-trucks", "kashgar-osh-lng-trucks")):
        fleet = study.apply(*measures).at(2030).tables["fleet"]
        sums = fleet.groupby(["mode", "country", "corridor_id", "year"])["share"].sum()
        assert sums.to_numpy() == pytest.approx(1.0)
    battery = fleet[(fleet["drive_id"] == "truck_battery") & (fleet["corridor_id"] == "1c")]
    assert battery["share"].tolist() == [0.3, 0.3]


def test_wires_reach_every_link_of_the_lines(study):
    plan = study.apply("cku-railway", "cku-electrification", "lugovaya-bishkek-electrification",
                       "bishkek-balykchy-electrification")  # fmt: skip
    link = plan.at(2040).tables["link"].set_index("link_id")
    lines = [f"RL00{n}" for n in range(1, 6)] + [f"RL02{n}" for n in range(7)]
    assert link.loc[lines, "electrified"].all()


@pytest.mark.slow
def test_a_curve_of_plants_adds_up_and_freight_takes_little_of_them(study):
    measures = ["kok-moinok-wind", "border-post-solar", "kashgar-osh-lng-trucks"]
    curve = ll.abatement_curve(study.scenario("base-2030"), measures)
    assert curve.steps["abated_t_per_year"].sum() == pytest.approx(curve.total["abated_t_per_year"])
    wind = curve.table.set_index("measure_id").loc["kok-moinok-wind"]
    # 290 GWh replace 350 g/kWh by 11 g/kWh.
    assert wind["abated_t_per_year"] == pytest.approx(290 * (350 - 11), rel=1e-3)
    assert abs(wind["abated_freight_t_per_year"]) < 0.01 * wind["abated_t_per_year"]
