"""``landlink decompose``."""

from __future__ import annotations

import json

import pytest

from landlink.cli import main
from tests.support.joint_study import trading_study

SCENARIOS = """
[[scenario]]
id = "without"
title = "2030"
year = 2030

[[scenario]]
id = "with"
title = "2030 with the bypass and faster checks"
apply = ["bypass", "easy-gate"]
year = 2030

[report]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("decompose") / "s"
    trading_study(path)
    file = path / "study.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("[report]\n", SCENARIOS), encoding="utf-8")
    return path


def test_two_scenarios_of_a_study(folder, tmp_path, capsys):
    target = tmp_path / "steps.csv"
    words = ["decompose", str(folder), "--scenario", "without,with", "--trade", "general", "-o", str(target)]
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert "2030 with the bypass and faster checks against 2030" in printed
    assert "mode shift" in printed
    assert target.read_text(encoding="utf-8").startswith("step,indicator,key,value,change,unit\nbefore,")


def test_json_has_every_step(folder, capsys):
    words = ["decompose", str(folder), "--scenario", "without,with", "--indicator", "total.tonnes_per_year", "--json"]
    assert main(words) == 0
    steps = json.loads(capsys.readouterr().out)["steps"]
    assert [row["step"] for row in steps] == ["before", "rerouting", "mode_shift", "new_trade"]
    assert steps[0]["change"] is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "one study with --scenario"),
        (["--scenario", "with"], "one study with --scenario"),
        (["--scenario", "without,no-such"], "no-such"),
        (["--scenario", "without,with", "--indicator", "no.such"], "no such indicator"),
        (["--scenario", "without,with", "-o", "steps.pdf"], "steps.pdf"),
    ],
)
def test_bad_input_is_named(folder, capsys, words, told):
    assert main(["decompose", str(folder), *words]) == 2
    assert told in capsys.readouterr().err


def test_a_report_draws_the_steps_that_were_written(folder, tmp_path, capsys):
    results, steps, page = tmp_path / "results", tmp_path / "steps.csv", tmp_path / "report.html"
    run = ["run", str(folder), "--scenario", "without", "--scenario", "with", "--trade", "general", "-o", str(results)]
    assert main(run) == 0
    both = [str(results / name) for name in ("without", "with")]
    assert main(["decompose", *both, "-o", str(steps)]) == 0
    assert main(["report", *both, "-o", str(page)]) == 0
    plain = page.read_text(encoding="utf-8")
    assert 'id="trade-response"' in plain
    assert 'id="parts-' not in plain
    assert main(["report", *both, "--steps", str(steps), "-o", str(page)]) == 0
    drawn = page.read_text(encoding="utf-8")
    assert 'id="parts-' in drawn
    capsys.readouterr()
    # The effect of other results: the other way round, and with trade that responds in another way or not at all.
    assert main(["report", *reversed(both), "--steps", str(steps), "-o", str(page)]) == 2
    assert "the steps end at a figure that none of the results has" in capsys.readouterr().err
    for trade, told in (("elastic", "at a figure that none of the results has"), ("fixed", "where trade responds")):
        other = [*run[:-3], trade, "-o", str(tmp_path / trade)]
        assert main(other) == 0
        given = [str(tmp_path / trade / name) for name in ("without", "with")]
        capsys.readouterr()
        assert main(["report", *given, "--steps", str(steps), "-o", str(page)]) == 2
        assert told in capsys.readouterr().err
    steps.write_text(steps.read_text(encoding="utf-8").replace("mode_shift", "moved"), encoding="utf-8")
    assert main(["report", *both, "--steps", str(steps), "-o", str(page)]) == 2
    assert "mode_shift" in capsys.readouterr().err
    assert main(["compare", *both, "--indicator", "trade.exports_change_percent[AAA]"]) == 0
    assert " pp " in capsys.readouterr().out
