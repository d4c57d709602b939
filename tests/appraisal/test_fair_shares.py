"""Fair shares of the cost between countries, whole or nothing and by coalitions that are solved."""

from __future__ import annotations

import numpy as np
import pytest

import landlink as ll
from landlink.appraisal.coalition_solves import countries_of_effects, solve_coalitions, with_sections_of
from landlink.appraisal.coalitions import shapley
from landlink.appraisal.fair_shares import Coalitions, sections_of
from landlink.core.errors import InputError
from tests.support.gate_study import gate_results, gate_study
from tests.support.two_roads import TIGHT

#: Roads of both countries are made faster: each by itself is worth something.
ROADS = {
    "measure": """
measure_id,name,kind,open_from,countries
roads,Faster roads,project,2025,AAA;BBB
""",
    "effect": """
measure_id,table,row,column,operation,value
roads,link,R1,free_speed,set,100
roads,link,R2,free_speed,set,80
""",
    "investment": """
measure_id,item_id,kind,country,amount_musd,price_year,begins
roads,paving,construction,,0.9,2023,2024
""",
    "cost_share": """
measure_id,country,share
roads,AAA,0.9
roads,BBB,0.1
""",
}


@pytest.fixture(scope="module")
def roads(tmp_path_factory):
    study = gate_study(tmp_path_factory.mktemp("roads") / "s", **ROADS)
    return study.apply("roads"), *gate_results(study, "roads")


def test_sections_by_length_of_changed_links(roads):
    _, base, plan = roads
    assert sections_of(base, plan) == pytest.approx({"AAA": 0.5, "BBB": 0.5})


def test_sections_where_only_a_crossing_changes(tmp_path):
    base, plan = gate_results(gate_study(tmp_path / "s"), "easy-gate")
    assert sections_of(base, plan) == pytest.approx({"AAA": 0.5, "BBB": 0.5})


def test_whole_or_nothing_shares_the_gain_evenly(roads):
    _, base, plan = roads
    found = ll.appraise(base, plan)
    shares = found["cost_share"].set_index(["rule", "country"])
    total = found.value("costs_usd")
    for rule in ("agreed", "shapley", "scrb"):
        assert shares.loc[rule, "cost_usd"].sum() == pytest.approx(total)
    assert shares.loc["agreed", "cost_usd"].to_dict() == pytest.approx({"AAA": 0.9 * total, "BBB": 0.1 * total})
    assert shares.loc["shapley", "net_usd"].to_dict() == pytest.approx({"AAA": found.npv / 2, "BBB": found.npv / 2})
    assert (shares["net_usd"] == shares["benefit_usd"] - shares["cost_usd"]).all()


def test_least_subsidy_is_the_loss_of_a_partner(tmp_path):
    dear = ROADS | {"investment": ROADS["investment"].replace("0.9", "2.6")}
    base, plan = gate_results(gate_study(tmp_path / "s", **dear), "roads")
    found = ll.appraise(base, plan)
    agreed = found["cost_share"].loc[lambda table: table["rule"] == "agreed"].set_index("country")
    loss = agreed.loc["AAA", "net_usd"]
    assert loss < 0
    assert agreed.loc["AAA", "least_subsidy_usd"] == pytest.approx(-loss)
    assert agreed.loc["BBB", "least_subsidy_usd"] == 0
    note = next(note for note in found.notes if note.startswith("what partners lose under the agreed split"))
    assert note.startswith(f"what partners lose under the agreed split, million USD: AAA {-loss / 1e6:.2g}")


def test_coalitions_are_solved(roads):
    study, base, plan = roads
    told: list[str] = []
    game = solve_coalitions(study, [base], [plan], options=TIGHT, progress=lambda what, done=None: told.append(what))
    assert game.players == ("AAA", "BBB")
    assert any("AAA, BBB" in what for what in told)
    # 100 km at 100 or 80 in place of 60 km/h, 0.1 USD/t/h: without congestion the parts are the whole.
    savings = {"AAA": 100 / 60 - 1, "BBB": 100 / 60 - 100 / 80}
    tonnes = 500_000 * 1.02**2
    yearly = {country: 0.1 * hours * tonnes for country, hours in savings.items()}
    factor = ll.appraise(base, plan)["by_year"].loc[lambda table: table["benefits"] != 0, "factor"].sum()
    # Half of what a section saves falls to its own country.
    assert game.benefit == pytest.approx(
        [0, yearly["AAA"] * factor / 2, yearly["BBB"] * factor / 2, sum(yearly.values()) * factor], rel=1e-6
    )
    cost = 0.9e6 / 1.09
    assert game.cost == pytest.approx([0, cost / 2, cost / 2, cost])
    found = ll.appraise(base, plan, coalitions=game)
    table = found["coalition"].set_index("countries")
    assert table.loc["AAA;BBB", "value_usd"] == pytest.approx(found.npv)
    net = found["cost_share"].loc[lambda rows: rows["rule"] == "shapley"].set_index("country")["net_usd"]
    assert net.to_numpy() == pytest.approx(shapley(game.value))


def test_no_smaller_coalition_builds_at_a_loss():
    game = Coalitions(("A", "B"), np.array([0.0, 1.0, 5.0, 9.0]), np.array([0.0, 4.0, 4.0, 12.0]), "")
    assert game.value.tolist() == [0.0, 0.0, 1.0, -3.0]


def test_effects_are_kept_where_all_their_countries_take_part(tmp_path):
    study = gate_study(tmp_path / "s").apply("easy-gate")
    assert countries_of_effects(study, study.tables["effect"])[0] == {"AAA", "BBB"}
    alone = with_sections_of(study, {"easy-gate"}, {"AAA"})
    assert "easy-gate" not in set(alone.tables["effect"]["measure_id"])
    assert "cheap-gate" in set(alone.tables["effect"]["measure_id"])
    both = with_sections_of(study, {"easy-gate"}, {"AAA", "BBB"})
    assert len(both.tables["effect"]) == len(study.tables["effect"])


def test_a_plan_of_one_country_has_no_coalitions(tmp_path):
    one = ROADS | {"effect": "\n".join(ROADS["effect"].strip().splitlines()[:2]) + "\n"}
    study = gate_study(tmp_path / "s", **one)
    base, plan = gate_results(study, "roads")
    with pytest.raises(InputError, match="2 to 12 countries"):
        solve_coalitions(study.apply("roads"), [base], [plan])
