"""Output of ``landlink border``: tables of a simulation and of a recovery plan."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from landlink.cli import printing

if TYPE_CHECKING:
    import pandas as pd

    from landlink.border.holdup import Holdup, Relief
    from landlink.border.recovery import Recovery
    from landlink.border.recovery_case import Case as RecoveryCase
    from landlink.border.simulate import Simulation
    from landlink.cli.border_cases import Case
    from landlink.core.progress import Progress
    from landlink.study import Study

_WAYS = ("ab", "ba")


def explained_holdups(
    study: Study, found: Sequence[Simulation], labels: Sequence[str], threads: int | None, progress: Progress
) -> tuple[Holdup | None, ...]:
    """Find the stage that holds vehicles up most in each case, and what one more server or hour would do."""
    from landlink.border.holdup import explain_holdup

    def of_case(label: str) -> Progress:
        return lambda what, done: progress(f"{label}, one more server or hour: {what}", done)

    return tuple(
        explain_holdup(one, seed=study.settings.seed, threads=threads, progress=of_case(label))
        for one, label in zip(found, labels, strict=True)
    )


def labels_in_words(study: Study, cases: Sequence[Case], language: str) -> list[str]:
    """Labels of cases as a page shows them: the scenario, or the day in words, and the names of the measures."""
    from landlink.report.dates import date_in_words
    from landlink.report.words import Words
    from landlink.tables.frames import records

    words = Words(language)
    rows = {row["measure_id"]: row for row in records(study.tables["measure"])}

    def named(measure_id: str) -> str:
        return words.name(rows[measure_id], "measure_id") if measure_id in rows else measure_id

    return [
        words.translated(one.model.titles, one.label)
        if one.model
        else words("common.list_separator").join(
            [date_in_words(one.day, words), *(named(part) for part in one.label.split(", ")[1:])]
        )
        for one in cases
    ]


def inactive_measures(cases: Sequence[Case], language: str) -> tuple[tuple[tuple[str, int], ...], ...]:
    """Names of the measures of each case that are not in force in its year, each with the year."""
    from landlink.report.words import Words
    from landlink.tables.frames import records

    words = Words(language)
    found = []
    for one in cases:
        study = one.crossing.study
        register = {row["measure_id"]: row for row in records(study.tables["measure"])}
        idle = study.inactive_measures(one.day.year)
        found.append(tuple((words.name(register[name], "measure_id"), one.day.year) for name in idle))
    return tuple(found)


def simulation_facts(found: Simulation, case: Case, holdup: Holdup | None) -> dict[str, Any]:
    """Collect the figures of a simulation for ``--json``."""
    model = None if case.model is None else asdict(case.model)
    return {
        "traffic": "counted" if model is None else "scenario",
        "model": model,
        "bottleneck": None if holdup is None else asdict(holdup) | {"cause": holdup.cause},
        "unstable": found.unstable,
        "growth_per_day": dict(zip(("mean", "low", "high"), found.growth_per_day, strict=True)),
        "throughput": found.throughput().to_dict("records"),
        "times": found.times().to_dict("records"),
        "stages": found.stages().to_dict("records"),
    }


def recovery_facts(found: Recovery) -> dict[str, Any]:
    """Collect the figures of a recovery plan for ``--json``."""
    plans = (("now", found.now), ("cheapest", found.cheapest), ("earliest", found.earliest))
    return {
        "ok": found.feasible,
        "proven": found.proven,
        "reason": found.reason(),
        "sets": len(found.cases),
        "sets_by_decision": {decision.value: number for decision, number in found.decisions().items()},
        "pipelines_simulated": found.simulated,
        "plans": {name: found.table([case]).to_dict("records")[0] for name, case in plans if case is not None},
        "frontier": found.frontier().to_dict("records"),
    }


def say_simulation(
    found: Simulation, names: Mapping[str, str], directions: Sequence[str], holdup: Holdup | None
) -> None:
    """Print what holds vehicles up, throughput, times and the waits by stage; ``directions`` are named by countries."""
    printing.say(_holdup_lines(holdup, names))
    ways = {"*": "both", **dict(zip(_WAYS, directions, strict=True))}
    if found.unstable:
        mean, low, high = found.growth_per_day
        printing.say(
            f"Unstable: arrivals exceed capacity. The vehicles inside grow by {mean:.1f} per day"
            f" ({low:.1f} to {high:.1f}), so there is no mean time."
        )
    flows, times, use = found.throughput(), found.times(), found.stages()
    rows = [
        (name, *(_number(flows, "per_day", direction=way, vehicle_class="*", outcome=outcome) for outcome in
                 ("arrived", "passed", "balked", "turned_back")),
         *(_time(times, stage="*", direction=way, measure="time", statistic=one) for one in ("mean", "median", "p95")))
        for way, name in ways.items()
    ]  # fmt: skip
    headers = (
        "direction",
        "arrive/day",
        "pass/day",
        "balk",
        "turned back",
        "mean time, h",
        "median",
        "95th percentile",
    )
    printing.say(printing.grid(rows, headers=headers, right=range(1, 8)))
    printing.say()
    places = [
        (names.get(stage, stage), *(_time(times, stage=stage, direction="*", measure="wait", statistic=one) for one in
                                    ("mean", "median", "p95")),
         f"{_row(use, stage=stage)['utilisation']:.0%}", f"{_row(use, stage=stage)['load']:.2f}")
        for stage in found.pipeline.stages.names
    ]  # fmt: skip
    heads = ("stage", "mean wait, h", "median", "95th percentile", "utilisation", "load")
    printing.say(printing.grid(places, headers=heads, right=range(1, 6)))
    queue = found.queue()
    whole = queue[queue["stage"] == "*"]
    printing.say(["", f"Longest queue of the mean week: {whole['vehicles'].max():.0f} vehicles"])
    printing.say()


def _row(frame: pd.DataFrame, **keys: str) -> Any:
    for name, value in keys.items():
        frame = frame[frame[name] == value]
    return frame.iloc[0]


def _number(frame: pd.DataFrame, column: str, **keys: str) -> str:
    return printing.number(float(_row(frame, **keys)[column]))


def _time(times: pd.DataFrame, **keys: str) -> str:
    row = _row(times, vehicle_class="*", **keys)
    if not math.isfinite(row["hours"]):
        return printing.number(math.nan)
    half = (row["high"] - row["low"]) / 2
    return f"{row['hours']:.2f}" + (f" ± {half:.2f}" if math.isfinite(half) else "")


def _holdup_lines(holdup: Holdup | None, names: Mapping[str, str]) -> list[str]:
    """Explain the stage that holds vehicles up most, in lines of a terminal."""
    if holdup is None:
        return ["Vehicles hardly wait at any stage."]
    stage = names.get(holdup.stage, holdup.stage)
    mean = f", on average {holdup.wait_h:.1f} h for each vehicle that passes it" if math.isfinite(holdup.wait_h) else ""
    open_h = f"{holdup.open_h:.3g} of the 168 hours of a week"
    why = {
        "overload": f"More work arrives there than it can do: {holdup.load:.0%} of its capacity.",
        "closing": f"This stage works {open_h}, and {holdup.closed_share:.0%} of the waiting there falls in the hours "
        f"in which it is closed; while it works, its servers are busy {holdup.utilisation:.0%} of the time.",
        "busy": f"Its servers are busy {holdup.utilisation:.0%} of the time they work ({open_h}).",
    }
    lines = [
        f"“{stage}” holds vehicles up most: {holdup.share:.0%} of the waiting at all stages{mean}.",
        why[holdup.cause],
    ]
    changes = (("One more server there", holdup.one_server), ("One hour more a day at all stages", holdup.one_hour))
    return lines + [f"{what} would {_relieved(one)}." for what, one in changes if one is not None]


def _relieved(relief: Relief) -> str:
    known = math.isfinite(relief.mean_time_h[0])
    mean, low, high = relief.mean_time_h if known else relief.per_day
    if round(mean, 2) == 0.0:
        return f"hardly change {'the mean time to cross' if known else 'the vehicles that cross'}"
    what, unit = ("the mean time to cross", " h") if known else ("the vehicles that cross", " per day")
    return f"change {what} by {mean:+.2f}{unit} ({low:+.2f} to {high:+.2f})"


def say_recovery(found: Recovery, names: str) -> None:
    """Print the plans, or the binding constraint."""
    target, limit, now = found.target.vehicles_per_day, found.options.limit, found.now
    within = "" if math.isinf(limit) else f", infectious entries limited to {limit:g} per week"
    day = found.options.day
    printing.say(f"Recovery of {names}: {target:g} vehicles per day{within}, decided on {day.day} {day:%B %Y}")
    printing.say(
        f"Now {printing.number(now.vehicles_per_day)} can cross, with {now.entries_per_week:.2g} infectious entries"
        " per week."
    )
    if not found.feasible:
        printing.say(f"The target cannot be met: {found.reason()}.")
    for name, case in found.best:
        printing.say()
        printing.say(
            f"{name.replace('_', ' and ').capitalize()}: {found.cost(case.cost_usd):.2f} {found.cost_unit}, complete"
            f" after {case.ready_days} days; {case.vehicles_per_day:.0f} can cross, {case.entries_per_week:.2g}"
            f" infectious entries per week ({case.entries_low:.2g} to {case.entries_high:.2g})"
        )
        rows = [
            (row["name"], str(row["works_from"]), f"{found.cost(row['cost_usd']):.2f}",
             printing.number(row["vehicles_per_day_then"]), f"{row['entries_per_week_then']:.2g}")
            for row in found.schedule(case).to_dict("records")
        ]  # fmt: skip
        headers = ("measure", "in effect from", found.cost_unit, "vehicles/day then", "entries/week then")
        printing.say(printing.grid(rows, headers=headers, right=(2, 3, 4)))
    printing.say()
    _say_near_misses(found)
    printing.say(found.search_note())


def _say_near_misses(found: Recovery) -> None:
    """Print the cheapest sets of the frontier that fail one limit only, and which."""
    target, limit = found.target, found.options.limit
    misses = [case for case in found.frontier_cases() if len(case.fails(target, limit)) == 1 and case.chosen]
    rows = [
        (
            "; ".join(found.catalogue.options[i].name for i in case.chosen),
            f"{found.cost(case.cost_usd):.2f}",
            *(
                f"{case.vehicles_per_day:.0f} of {target.vehicles_per_day:g} vehicles/day" if one == "throughput" else
                f"{case.entries_per_week:.2g} entries/week, limit {limit:g}"
                for one in case.fails(target, limit)
            ),
        )
        for case in _closest(misses, found)
    ]  # fmt: skip
    if rows:
        printing.say(printing.grid(rows, headers=("closest packages that fail", found.cost_unit, "fails"), right=(1,)))
        printing.say()


def _closest(misses: Sequence[RecoveryCase], found: Recovery) -> list[RecoveryCase]:
    """Select the set with most vehicles of those that fail the target, and that with fewest entries of the others."""
    target, limit = found.target, found.options.limit
    slow = [case for case in misses if case.fails(target, limit) == ("throughput",)]
    infectious = [case for case in misses if case.fails(target, limit) == ("entries",)]
    best = [max(slow, key=lambda case: case.vehicles_per_day)] if slow else []
    return best + ([min(infectious, key=lambda case: case.entries_per_week)] if infectious else [])
