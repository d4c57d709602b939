"""How a study says how its demand responds: options, references, provenance, indicators, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import landlink as ll
from landlink.cli import main
from landlink.core.errors import InputError
from landlink.ensemble.ensemble import ensemble_of
from landlink.model import solve as solve_module
from landlink.study import Study
from tests.support.domestic_study import domestic_study
from tests.support.joint_study import trading_study
from tests.support.posterior_study import write_posterior_study
from tests.support.small_study import TABLES, write_small_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return trading_study(tmp_path_factory.mktemp("trade") / "s")


@pytest.fixture(scope="module")
def easy(study: Study) -> ll.Result:
    return ll.solve(study.apply("easy-gate"), trade="general")


def test_general_equilibrium_needs_accounts_and_says_which(tmp_path: Path) -> None:
    plain = ll.open_study(write_small_study(tmp_path / "s"))
    with pytest.raises(InputError) as caught:
        ll.solve(plain, trade="general")
    assert {problem.table for problem in caught.value.problems} == {"trade", "trade_country"}


def test_elastic_demand_of_a_study_without_elasticities_has_the_published_one(tmp_path: Path) -> None:
    plain = ll.open_study(write_small_study(tmp_path / "s"))
    found = ll.solve(plain.apply("easy-gate"), trade="elastic")
    assert found.provenance.trade.elasticities == "published"
    assert found.tables["trade_flow"]["tonnes_per_year"].sum() > 800_000


def test_an_unknown_mode_and_invalid_tolerances_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        ll.SolverOptions(trade="some", trade_tolerance=0, trade_cost_tolerance=2, trade_rounds=0, trade_starts=3)
    assert {problem.column for problem in caught.value.problems} == {
        "trade", "trade_tolerance", "trade_cost_tolerance", "trade_rounds", "trade_starts",
    }  # fmt: skip


def test_the_options_may_say_it_instead(study: Study, easy: ll.Result) -> None:
    found = ll.solve(study.apply("easy-gate"), options=ll.SolverOptions(trade="general"))
    assert found.tables["trade_flow"].equals(easy.tables["trade_flow"])


def test_a_result_is_the_reference_if_it_is_given(study: Study, easy: ll.Result) -> None:
    """Also a saved one; from the very scenario, nothing changes beyond the gap."""
    fixed = ll.solve(study.apply("easy-gate"))
    found = ll.solve(study.apply("easy-gate"), trade="general", trade_reference=fixed)
    flow = found.tables["trade_flow"]
    assert flow["tonnes_per_year"].to_numpy() == pytest.approx(flow["reference_tonnes_per_year"].to_numpy(), rel=1e-6)
    assert found.provenance.trade.reference == fixed.label


def test_a_reference_of_another_year_or_with_trade_that_responds_is_refused(study: Study, easy: ll.Result) -> None:
    with pytest.raises(InputError, match="the reference is of another year"):
        ll.solve(study.at(2030), trade="elastic", trade_reference=ll.solve(study.at(2023)))
    with pytest.raises(InputError, match="demand of the reference responds itself"):
        ll.solve(study.at(2023), trade="elastic", trade_reference=easy)


def test_demand_that_only_a_measure_gives_a_route_does_not_respond(tmp_path: Path) -> None:
    """A zone behind a planned road: the reference leaves its demand out, the scenario carries it as it is."""
    node = TABLES["node"].rstrip() + "\nN3,Northport,71.0,41.0,BBB\n"
    link = TABLES["link"].rstrip() + "\nB3,N2,N3,0,150,80,road,BBB,200,planned\n"
    zone = TABLES["zone"].rstrip() + "\nZ3,North,N3,BBB\n"
    demand = TABLES["demand"].rstrip() + "\nZ1,Z3,grain,5000\n"
    effect = TABLES["effect"].rstrip() + "\nbypass,link,B3,,open,\n"
    study = trading_study(tmp_path / "s", node=node, link=link, zone=zone, demand=demand, effect=effect)
    with pytest.raises(InputError, match="row Z1 → Z3"):
        ll.solve(study.at(2030), trade="elastic")
    found = ll.solve(study.apply("bypass").at(2030), trade="elastic")
    od = found.tables["od"]
    assert od.loc[od["destination_zone_id"] == "Z3", "tonnes_per_year"].sum() == pytest.approx(5000, rel=1e-12)
    (note,) = [one for one in found.provenance.presentation.notes if "do not respond" in one]
    assert note.startswith("5,000 t/year have no cost in the reference")


def test_what_ifs_of_one_study_share_a_reference(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    solved: list[str] = []
    real = solve_module.solve_flows

    def counted(scenario, options, **more):
        solved.append(scenario.label)
        return real(scenario, options, **more)

    monkeypatch.setattr(solve_module, "solve_flows", counted)
    options = ll.SolverOptions(relative_gap=1.5e-7)
    for change in ("link R2: length 101", "link R2: length 102"):
        ll.solve(study.what_if(change), trade="elastic", options=options)
    assert solved == ["Today"]


def test_provenance_tells_how_closely_trade_and_freight_agree(easy: ll.Result, tmp_path: Path) -> None:
    trade = ll.open_result(easy.save(tmp_path / "out")).provenance.trade
    assert trade == easy.provenance.trade
    assert trade.mode == "general"
    assert trade.converged
    assert trade.flow_change <= trade.tolerance
    assert trade.cost_change <= trade.cost_tolerance
    assert max(trade.other_start_flow, trade.other_start_cost) < 1e-4
    assert trade.market_residual < 1e-8


def test_indicators_are_sums_of_the_tables(easy: ll.Result) -> None:
    flow = easy.tables["trade_flow"]
    abroad = flow[(flow["exporter"] == "AAA") & (flow["importer"] != "AAA")]
    value = easy.indicator
    assert value("trade.exports_usd_per_year[AAA]") == pytest.approx(abroad["value_usd_per_year"].sum())
    assert value("trade.exports_usd_per_year[AAA,BBB,grain]") == pytest.approx(
        abroad.loc[abroad["commodity_id"] == "grain", "value_usd_per_year"].sum()
    )
    change = abroad["value_usd_per_year"].sum() / abroad["reference_value_usd_per_year"].sum() - 1
    assert value("trade.exports_change_percent[AAA]") == pytest.approx(100 * change)
    assert value("trade.balance_usd_per_year[AAA,BBB]") == pytest.approx(-value("trade.balance_usd_per_year[BBB,AAA]"))
    assert value("trade.imports_usd_per_year[BBB,AAA]") == pytest.approx(value("trade.exports_usd_per_year[AAA,BBB]"))
    country = easy.tables["trade_country"].set_index("country")
    assert value("trade.real_income_change_percent[BBB]") == country["real_income_percent"]["BBB"]
    assert value("trade.balance_usd_per_year[AAA]") == pytest.approx(country["balance_usd_per_year"]["AAA"])
    tonnes = flow[["reference_tonnes_per_year", "tonnes_per_year"]].sum()
    assert value("trade.new_trade_share") == pytest.approx(tonnes.iloc[1] / tonnes.iloc[0] - 1)
    assert {"trade.exports_usd_per_year[AAA]", "trade.real_income_change_percent[BBB]"} <= set(
        easy.indicators["indicator"]
    )


def test_members_of_an_ensemble_differ_in_elasticities_too(tmp_path: Path) -> None:
    study = ll.open_study(write_posterior_study(tmp_path / "s"))
    options = ll.SolverOptions(trade="elastic")
    found = ensemble_of(ll.run_ensemble(study.scenario("easy-2023"), members=4, workers=1, options=options))
    values = found.values_of("trade.exports_usd_per_year[AAA]")
    assert len(set(values.tolist())) == len(values)
    fixed = ensemble_of(ll.run_ensemble(study.scenario("easy-2023"), members=4, workers=1))
    # With fixed demand, what is shipped from zone to zone is the same for all.
    assert len(set(fixed.values_of("country.exports_tonnes_per_year[AAA]").round(3).tolist())) == 1
    assert len(set(found.values_of("country.exports_tonnes_per_year[AAA]").round(3).tolist())) > 1


def test_a_draw_of_elasticities_is_repeatable_and_another_one(study: Study) -> None:
    one, same, other = (
        ll.solve(
            study.apply("easy-gate"), trade="elastic", options=replace(ll.SolverOptions(), elasticity_draw=number)
        ).tables["trade_flow"]["tonnes_per_year"]
        for number in (1, 1, 2)
    )
    assert one.equals(same)
    assert not one.equals(other)


def test_the_command_line_solves_with_trade_and_refuses_a_study_without(
    tmp_path: Path, study: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["run", str(study.path), "--apply", "easy-gate", "--trade", "general", "-o", str(out)]) == 0
    assert "general trade against 'Today'" in capsys.readouterr().out
    assert len(ll.open_result(out).tables["trade_country"]) == 3
    plain = write_small_study(tmp_path / "plain")
    assert main(["run", str(plain), "--trade", "general", "-o", str(tmp_path / "none")]) == 2
    assert "trade.csv" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["run", str(plain), "--trade", "some"])


def test_rows_that_differ_in_their_modes_alone_respond_from_a_start(tmp_path: Path) -> None:
    study = ll.open_study(domestic_study(tmp_path / "s", "[demand]\ndomestic = true"))
    shorter = study.what_if("link R3: length 100")
    alone = ll.solve(shorter, trade="elastic")
    started = ll.solve(shorter, trade="elastic", start=ll.solve(study))
    names = ["origin_zone_id", "destination_zone_id", "commodity_id"]
    tonnes = [one.tables["od"].groupby(names)["tonnes_per_year"].sum() for one in (alone, started)]
    assert tonnes[1].to_numpy() == pytest.approx(tonnes[0].to_numpy(), rel=1e-4)
    # What goes by road alone and what goes by rail alone are one trade, and grow alike.
    before, after = (
        one.tables["od"].query("origin_zone_id == 'Z1' and destination_zone_id == 'Z3' and commodity_id == 'grain'")
        for one in (ll.solve(study), alone)
    )
    growth = after["tonnes_per_year"].to_numpy() / before["tonnes_per_year"].to_numpy()
    assert len(growth) == 2
    assert growth[0] == pytest.approx(growth[1], rel=1e-6)
    assert growth[0] > 1.001
