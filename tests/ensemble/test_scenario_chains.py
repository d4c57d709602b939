"""Scenarios solved in two processes: the bytes, order and errors of one process."""

from __future__ import annotations

import os
import time
from contextlib import nullcontext
from dataclasses import replace

import pytest

import landlink as ll
from landlink.core.errors import EnsembleError
from landlink.ensemble.scenario_chains import solve_scenarios
from landlink.ensemble.side_process import Imports, SideProcess
from tests.support.posterior_study import write_posterior_study

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory):
    study = ll.open_study(write_posterior_study(tmp_path_factory.mktemp("studies") / "small"))
    # Years that alternate, so that results of both processes have to be put in order.
    return [study.scenario("today"), study.at(2030), study.scenario("easy-2023"), study.apply("easy-gate").at(2030)]


def solved(scenarios, beside=None, steps=None, options=None):
    def shown(_):
        return nullcontext(lambda what, done=None: (steps if steps is not None else []).append(what))

    return list(solve_scenarios(scenarios, options or ll.SolverOptions(), shown, beside=beside))


def same(one, other):
    assert [result.label for result in one] == [result.label for result in other]
    for a, b in zip(one, other, strict=True):
        assert list(a.tables) == list(b.tables)
        for name in a.tables:
            assert a.tables[name].equals(b.tables[name]), name


def test_two_processes_give_the_same_tables_in_the_same_order_as_one(scenarios):
    with SideProcess() as beside:
        steps: list[str] = []
        both = solved(scenarios, beside, steps)
    same(both, solved(scenarios))
    assert both[0].flow_summary is not None
    assert both[3].flow_summary is None, "the other year was not solved beside this process"
    assert steps


def test_a_scenario_starts_from_the_one_before_it_of_its_year(scenarios):
    found = solved(scenarios)
    assert [result.provenance.run.start for result in found] == ["nothing", "nothing", "routes", "routes"]


def test_what_fails_in_the_other_process_fails_as_it_would_in_this_one(scenarios):
    hopeless = ll.SolverOptions(relative_gap=1e-300, max_iterations=1, require_convergence=True)
    reachable = [scenarios[0], replace(scenarios[1], study=_without_vehicles(scenarios[1].study))]
    for cases, options in ((scenarios[:2], hopeless), (reachable, None)):
        messages = []
        for beside in (None, SideProcess()):
            with beside or nullcontext(), pytest.raises(ll.LandlinkError) as raised:
                solved(cases, beside, options=options)
            messages.append((type(raised.value), str(raised.value)))
        assert messages[0] == messages[1]


def _without_vehicles(study):
    return study.with_change("link", "*", "status", "set", "planned")


def test_a_process_that_is_killed_is_done_without(scenarios):
    with SideProcess() as beside:
        beside._process.stop()
        again = solved(scenarios, beside)
    same(again, solved(scenarios))


class Telling:
    """Tells some words."""

    def __init__(self, *words):
        self.words = words

    def __call__(self, tell):
        for word in self.words:
            tell(word)


def test_jobs_follow_one_another_and_what_one_told_is_not_taken_for_the_next():
    with SideProcess() as beside:
        beside.start(Telling("one", "left over"))
        assert beside.next() == "one"
        beside.start(Imports(("landlink.report.page",)))
        with pytest.raises(EnsembleError, match="the job is over"):
            beside.next()
        beside.start(Telling("two"))
        assert beside.next() == "two"


def test_a_module_that_cannot_be_imported_is_told():
    with SideProcess() as beside:
        beside.start(Imports(("landlink.no_such_module",)))
        with pytest.raises(EnsembleError, match="no_such_module"):
            beside.next()


class Sleeping:
    """Tells its process and then never ends."""

    def __call__(self, tell):
        tell(os.getpid())
        time.sleep(600)


@pytest.mark.skipif(os.name == "nt", reason="looks for a process by a signal")
def test_an_interruption_ends_the_process_amid_its_job():
    def interrupted():
        with SideProcess() as beside:
            beside.start(Sleeping())
            found.append(beside.next())
            raise KeyboardInterrupt

    found: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with pytest.raises(ProcessLookupError):
        os.kill(found[0], 0)


class Unspeakable:
    """Tells what this process cannot read."""

    def __call__(self, tell):
        tell(type("Local", (), {"__reduce__": lambda _: (eval, ("1 / 0",))})())


def test_whoever_waits_hears_of_an_answer_that_cannot_be_read():
    with SideProcess() as beside:
        beside.start(Unspeakable())
        with pytest.raises(EnsembleError, match="cannot be read"):
            beside.next()
