"""A chain worked out by hand, step by step: truck, terminal, electric train, border, diesel train."""

from __future__ import annotations

from typing import NamedTuple

import pytest

import landlink as ll
from landlink.results.result import Result
from tests.support.worked_chain import worked_chain

# Worked out by hand for a tonne of machinery, which fills a vehicle like 1.5 t of the reference good.
LOAD = 1.5
#: Diesel: 2.7 and 0.6 kg for 36 MJ. Electricity of AAA in 2025: half-way from 400 to 200 g/kWh, a tenth lost.
DIESEL = (2.7 / 36, 0.6 / 36)
ELECTRICITY = (0.0, 0.300 / 3.6 / 0.9)


class Step(NamedTuple):
    """A step by hand: element, MJ of diesel and of electricity, and kg beside these (tank to wheel, well to tank)."""

    element: str
    diesel_mj: float = 0.0
    electricity_mj: float = 0.0
    beside: tuple[float, float] = (0.0, 0.0)

    @property
    def ttw(self) -> float:
        return self.diesel_mj * DIESEL[0] + self.electricity_mj * ELECTRICITY[0] + self.beside[0]

    @property
    def wtt(self) -> float:
        return self.diesel_mj * DIESEL[1] + self.electricity_mj * ELECTRICITY[1] + self.beside[1]


#: Steps by leg. Vehicles of a tonne: 1.5 / 20 trucks, 1.5 / 1000 trains; half a truck and 0.4 trains return empty.
BY_HAND: dict[int, tuple[Step, ...]] = {
    # 10 km at 1.2 MJ/tkm.
    0: (Step("access", 1.2 * LOAD * 10),),
    # 50 km at 1.2 MJ/tkm; an hour's drive has a quarter of an hour of rest at 6 kW, which is 21.6 MJ/h.
    1: (Step("running", 1.2 * LOAD * 50), Step("standing", 21.6 * 0.25 * (1 + 0.5) * LOAD / 20)),
    # 0.2 l of diesel, and 50 and 20 g beside it.
    2: (Step("handling", 0.2 * 36, beside=(0.05, 0.02)),),
    # 100 km at 0.08 MJ/tkm; 2.5 h with 1.25 h of stops at 20 kW, which is 72 MJ/h.
    3: (
        Step("running", electricity_mj=0.08 * LOAD * 100),
        Step("standing", electricity_mj=72 * 1.25 * (1 + 0.4) * LOAD / 1000),
    ),
    # 8 h east and 0.4 times 4 h back; half in AAA at 50 kW, half in BBB at 400 kW.
    4: (
        Step(
            "waiting",
            diesel_mj=0.5 * 400 * 3.6 * (8 + 0.4 * 4) * LOAD / 1000,
            electricity_mj=0.5 * 50 * 3.6 * (8 + 0.4 * 4) * LOAD / 1000,
        ),
    ),
    # 120 km at 0.3 MJ/tkm; 3 h with 1.5 h of stops at 100 kW, which is 360 MJ/h.
    5: (Step("running", 0.3 * LOAD * 120), Step("standing", 360 * 1.5 * (1 + 0.4) * LOAD / 1000)),
}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return ll.solve(worked_chain(tmp_path_factory.mktemp("chain") / "s").at(2025))


def test_every_step_is_the_one_worked_out_by_hand(result: Result):
    table = result.tables["emission_leg"]
    found = table.groupby(["leg", "element"])[
        ["energy_mj_per_t", "ttw_kg_per_t", "wtt_kg_per_t", "co2e_kg_per_t"]
    ].sum()
    expected = {(leg, step.element): step for leg, steps in BY_HAND.items() for step in steps}
    assert set(found.index) == set(expected)
    for key, step in expected.items():
        by_hand = (step.diesel_mj + step.electricity_mj, step.ttw, step.wtt, step.ttw + step.wtt)
        assert found.loc[key].tolist() == pytest.approx(by_hand, rel=1e-9, abs=0), key


def test_carriers_of_the_border_are_those_of_both_sides(result: Result):
    table = result.tables["emission_leg"]
    wait = table[table["element"] == "waiting"].set_index("carrier")["energy_mj_per_t"]
    (step,) = BY_HAND[4]
    assert wait.to_dict() == pytest.approx({"diesel": step.diesel_mj, "electricity": step.electricity_mj}, rel=1e-9)


def test_the_chain_is_what_a_thousand_tonnes_emit(result: Result):
    steps = [step for leg in BY_HAND.values() for step in leg]
    tonnes = sum(step.ttw + step.wtt for step in steps) * 1000 / 1000
    assert result.indicator("emissions.co2e_t_per_year") == pytest.approx(tonnes, rel=1e-9)
    energy = sum(step.diesel_mj + step.electricity_mj for step in steps) * 1000
    assert result.indicator("energy.mj_per_year") == pytest.approx(energy, rel=1e-9)
    assert result.indicator("emissions.g_per_tkm[all]") == pytest.approx(1e6 * tonnes / (1000 * 270), rel=1e-9)
    assert result.indicator("emissions.trade_g_per_tkm[AAA,BBB]") == pytest.approx(
        1e6 * tonnes / (1000 * 280), rel=1e-9
    )


def test_what_arises_in_a_country_is_what_happens_there(result: Result):
    (wait,) = BY_HAND[4]
    half = wait.diesel_mj * sum(DIESEL) / 2 + wait.electricity_mj * sum(ELECTRICITY) / 2
    east = sum(step.ttw + step.wtt for step in BY_HAND[5]) + half
    west = sum(step.ttw + step.wtt for leg in (0, 1, 2, 3) for step in BY_HAND[leg]) + half
    assert result.indicator("emissions.co2e_t_per_year[AAA]") == pytest.approx(west, rel=1e-9)
    assert result.indicator("emissions.co2e_t_per_year[BBB]") == pytest.approx(east, rel=1e-9)
    assert result.indicator("terminal.co2e_t_per_year[CRANE]") == pytest.approx(BY_HAND[2][0].ttw + BY_HAND[2][0].wtt)
    assert result.indicator("crossing.co2e_t_per_year[GATE]") == pytest.approx(2 * half, rel=1e-9)


def test_legs_are_chain_elements_with_both_distances(result: Result):
    legs = result.tables["emission_leg"].drop_duplicates("leg").set_index("leg")
    kinds = ["transport", "transport", "hub", "transport", "hub", "transport"]
    assert legs["operation"].tolist() == kinds
    assert legs["distance_km"].tolist() == [10, 50, 0, 100, 0, 120]
    # Half a degree of longitude at 40 degrees north is 42.6 km.
    assert legs["gcd_km"][1] == pytest.approx(42.6, abs=0.05)
    assert legs["gcd_km"][[0, 2, 4]].isna().all()
    assert legs["country"].tolist() == ["AAA", "AAA", "AAA", "AAA", "AAA;BBB", "BBB"]
