"""``landlink response``: where response units are best kept."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.compiling import compile_for_study, showing_compilation
from landlink.cli.outputs import add_output, checked_output
from landlink.cli.pools import add_pool, check_pool, opened_pool
from landlink.cli.reader_language import language_of

if TYPE_CHECKING:
    from landlink.cli.reader_language import ReaderLanguage
    from landlink.resilience.response_plan import KindPlan, ResponsePlan

_OBJECTIVES = {
    "median": "the least delay", "cover": "the most reached in time", "centre": "the shortest longest time",
}  # fmt: skip

#: Forms of what countries share.
_FORMS = "two or more countries, as in KGZ,KAZ,CHN: each pair of them shares; or pairs, as in KGZ-KAZ; all; none"


def add_verb(verbs: Verbs) -> None:
    """Register ``response``."""
    parser = arguments.add_verb(
        verbs,
        "response",
        _response,
        summary="choose sites of response units: road clearing, rescue, border teams, repair trains",
        description="Choose sites of response units among those of the table response_site, by the events of the\n"
        "table hazard and what an hour of delay costs. Each kind of units is placed on its own. Without --units\n"
        "and --budget, units are added as long as they save more than they cost.",
        example="landlink response china-kyrgyzstan --kind road_clearing --units 3\n"
        "landlink response my-study --scenario base-2030 --budget 5 --shared KGZ,CHN -o response.csv\n"
        "landlink response my-study --units 4 --objective cover --within 6 --coordination\n"
        "landlink response my-study --language zh -o response.xlsx",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument("--scenario", metavar="NAME", help="scenario (the study in its base year)")
    parser.add_argument(
        "--kind", metavar="A,B", type=arguments.ids, action="append", help="kinds of units (all of the study)"
    )
    parser.add_argument("--units", metavar="N", type=arguments.whole_number, help="most units added, of each kind")
    parser.add_argument(
        "--budget", metavar="MUSD", type=arguments.number_from_zero,
        help="most that they may cost once, million USD, for each kind",
    )  # fmt: skip
    parser.add_argument(
        "--objective", choices=tuple(_OBJECTIVES), default="median",
        help="; ".join(f"{name}: {what}" for name, what in _OBJECTIVES.items()) + " (median)",
    )  # fmt: skip
    parser.add_argument(
        "--within", metavar="H", type=arguments.number_from_zero,
        help="hours in which places should be reached (from study.toml, else 6)",
    )  # fmt: skip
    parser.add_argument(
        "--shared", metavar="A,B|A-B", type=arguments.ids, action="append",
        help="A,B,...: countries that all let each other's units in; A-B: one pair; may be repeated; all: every"
        " country; none (from study.toml)",
    )  # fmt: skip
    parser.add_argument("--move", action="store_true", help="units that stand may be moved or given up")
    parser.add_argument(
        "--coordination", action="store_true",
        help="solve other agreements too: which countries must share, and what refusing costs",
    )  # fmt: skip
    parser.add_argument(
        "--criticality", metavar="FILE", type=Path,
        help="losses of a day by place, as from `landlink criticality -o FILE.csv` (each hazard is solved)",
    )  # fmt: skip
    parser.add_argument("--gap", metavar="G", type=arguments.positive_number, default=1e-6, help="gap of sites (1e-6)")
    add_pool(parser, "losses")
    parser.add_argument("--threads", metavar="N", type=arguments.thread_count, help="threads to use (all cores)")
    add_output(
        parser, help="file to write: .csv, .parquet or .xlsx with totals, sites, places, hours by node, agreements"
    )
    arguments.add_languages(parser, "what is printed and of workbooks")


def _response(args: argparse.Namespace) -> int:
    from landlink.resilience.response_schema import RESPONSE_FILE

    check_pool(args)
    if args.output:
        checked_output(args, args.output, RESPONSE_FILE)
    study = ll.open_study(args.study)
    say = language_of(args, study.settings.languages)  # one that it does not know is refused before anything is solved
    source = study.scenario(args.scenario) if args.scenario else study
    with showing_compilation() as progress, opened_pool(args) as pool:
        if not (study.border_alone or args.criticality):
            compile_for_study(study, progress)
        plan = ll.response_sites(
            source, units=args.units, budget_musd=args.budget, objective=args.objective, within_h=args.within,
            kinds=arguments.joined_ids(args.kind), shared=_pairs(args.shared), move=args.move,
            coordination=args.coordination, losses=args.criticality, gap=args.gap,
            options=ll.SolverOptions(threads=args.threads), workers=pool, progress=progress,
        )  # fmt: skip
    if args.output:
        plan.save(args.output, language=say.names, force=args.force)
    if args.json:
        printing.say_json({"ok": True, **_facts(plan), **({"written": args.output.resolve()} if args.output else {})})
        return 0
    _say(say, plan)
    printing.say(say("wrote", path=args.output) if args.output else say("add_response"))
    return 0


def _pairs(groups: list[list[str]] | None) -> list[str] | None:
    """Pairs of countries of the groups that share; ``None`` for those of the study."""
    from itertools import combinations

    if groups is None:
        return None
    words = arguments.joined_ids(groups)
    if words in (["all"], ["none"]):
        return ["all"] if words == ["all"] else []
    found: list[str] = []
    for group in groups:
        pairs, countries = [word for word in group if "-" in word], sorted({word for word in group if "-" not in word})
        if len(countries) == 1:
            message = "not a pair of countries: one country shares with nobody"
            raise ll.InputError(ll.Problem("response", message, column="--shared", value=countries[0], allowed=_FORMS))
        found += [*pairs, *("-".join(pair) for pair in combinations(countries, 2))]
    return found


def _facts(plan: ResponsePlan) -> dict[str, Any]:
    kinds = plan.facts()
    for name, facts in kinds.items():
        facts["sites"] = plan.rows("site", name).to_dict("records")
        facts["places"] = plan.rows("place", name).to_dict("records")
    for one in plan.kinds:
        if one.sharing is not None:
            kinds[one.id]["sharing"] = plan.rows("sharing", one.id).to_dict("records")
            kinds[one.id]["must_share"] = one.sharing.indispensable
            kinds[one.id]["enough"] = one.sharing.sufficient
    return {
        "scenario": plan.scenario.label, "year": plan.scenario.year, "within_h": plan.within_h, "kinds": kinds,
        "notes": plan.notes,
    }  # fmt: skip


def _say(say: ReaderLanguage, plan: ResponsePlan) -> None:
    settings, scenario = plan.scenario.study.settings, plan.scenario
    title, label = say.title(settings.names, settings.title), say.title(scenario.titles, scenario.label)
    printing.say(say.headed(title, f"{label}, {say.year(scenario.year)}"))
    for one in plan.kinds:
        printing.say()
        _say_kind(say, plan, one)
    printing.say()
    for note in plan.notes:
        printing.say(say("note", note=note))


def _say_kind(say: ReaderLanguage, plan: ResponsePlan, one: KindPlan) -> None:
    count, before = int(one.chosen.units.sum()), int(one.now.units.sum())
    objective = say(f"objective_{one.rules.objective}")
    printing.say(
        say("units", name=say.name(one.names), now=say.fixed(before), chosen=say.fixed(count), objective=objective)
    )
    served = say(
        "served", hours_now=say.rough(one.mean_hours(one.now)), hours=say.rough(one.mean_hours(one.chosen)),
        reached_now=say.percent(one.reached(one.now)), reached=say.percent(one.reached(one.chosen)),
        within=say.plain(plan.within_h),
    )  # fmt: skip
    printing.say(f"  {served}")
    factor, unit = plan.money.factor("USD"), say.unit(plan.money.unit_of("USD"))
    if one.kind.by_money:
        amounts = {
            "worth": one.worth_usd_per_year, "cost": one.cost_usd, "keeping": one.added_keeping_usd_per_year,
        }  # fmt: skip
        told = say("avoids", unit=unit, **{name: say.rough(value * factor) for name, value in amounts.items()})
        printing.say(f"  {told}")
        if (one.chosen.units != one.now.units).any():
            printing.say(f"  {_pays(say, one, factor, unit)}")
    elif one.added_cost_usd_per_year > 0:
        once, kept = (say.rough(usd * factor) for usd in (one.cost_usd, one.added_keeping_usd_per_year))
        a_year = f"{kept} {say('a_year_of', unit=unit)}"
        printing.say(f"  {say('security.units_cost', cost=f'{once} {unit}', keeping=a_year)}")
    printing.say(f"  {say('helps', pairs=_shared(say, one))}")
    gap = one.chosen.gap
    printing.say(f"  {say('proven_within', gap=f'{gap:.1e}') if gap else say('proven')}")
    printing.say()
    printing.say(_sites(say, plan, one, factor, unit))
    if one.sharing is not None:
        printing.say()
        printing.say(_sharing(say, one, plan.within_h, factor, unit))


def _pays(say: ReaderLanguage, one: KindPlan, factor: float, unit: str) -> str:
    """Say whether what is changed pays by what freight saves."""
    from landlink.resilience.response_schema import LIFE_YEARS

    cost = one.added_cost_usd_per_year
    a_year = f"{say.rough(cost * factor)} {say('a_year_of', unit=unit)}"
    key = "security.pays" if one.worth_usd_per_year >= cost else "security.pays_not"
    return say(key, cost=a_year, years=say.fixed(LIFE_YEARS))


def _sites(say: ReaderLanguage, plan: ResponsePlan, one: KindPlan, factor: float, unit: str) -> list[str]:
    sites = plan.rows("site", one.id)
    kept = sites[(sites["units"] > 0) | (sites["units_now"] > 0)]
    served: dict[str, int] = {}
    for row in one.chosen.called[:, 0].tolist():
        served[one.kind.sites[row].id] = served.get(one.kind.sites[row].id, 0) + (row >= 0)
    rows = [
        (
            "+" if row["units"] > row["units_now"] else "-" if row["units"] < row["units_now"] else "",
            row["row"], say.name(row, "row"), row["countries"], say.fixed(row["units_now"]), say.fixed(row["units"]),
            say.fixed(served.get(row["row"], 0)),
            say.rough(row.get("worth_usd_per_year", float("nan")) * factor) if one.kind.by_money else "",
        )
        for row in kept.to_dict("records")
    ]  # fmt: skip
    worth = say("worth", unit=unit) if one.kind.by_money else ""
    heads = ("", *map(say, ("site", "at", "country", "now", "then", "first_at")), worth)
    return printing.grid(rows, headers=heads, right=(4, 5, 6, 7))


def _shared(say: ReaderLanguage, one: KindPlan) -> str:
    """Pairs of countries that share in what is chosen."""
    pairs = sorted("-".join(sorted(pair)) for pair in one.pairs if set(pair) <= set(one.kind.countries))
    return say.list(pairs) or say("no_countries")


def _unit(say: ReaderLanguage, one: KindPlan, within_h: float, money: str) -> str:
    """Unit of the objective, by what is made best and what places are weighted by."""
    from landlink.report.response_words import objective_key

    by_events = any(need.hazard for need in one.kind.needs)
    key = objective_key(one.rules.objective, by_money=one.kind.by_money, by_events=by_events)
    return say(key, unit=money, within=say.plain(within_h))


def _sharing(say: ReaderLanguage, one: KindPlan, within_h: float, factor: float, unit: str) -> list[str]:
    """Who must share, and what refusing costs."""
    from landlink.report.response_words import NEXT_TO_NOTHING
    from landlink.resilience.response_schema import saved_as_agreed

    sharing = one.sharing
    if sharing is None:
        return []
    by_money = one.kind.by_money and one.rules.objective == "median"
    scale, what = factor if by_money else 1.0, _unit(say, one, within_h, unit)
    cases = {(case.what, case.who): case.cost * scale for case in sharing.cases}
    told = [
        say("other_agreements", countries=say.list(one.kind.countries)),
        say("nobody_shares", cost=say.rough(cases["nobody", ""]), unit=what),
    ]
    saved = cases["nobody", ""]
    if one.pairs:
        best = next(case.value for case in sharing.cases if case.what == "everybody")
        saved = saved_as_agreed(one.rules.objective, one.chosen.value * scale, best * scale, saved)
        told.append(say("as_agreed", pairs=_shared(say, one), saved=say.rough(saved), unit=what))
    keeping = one.keeping_usd_per_year * scale
    if by_money and saved < NEXT_TO_NOTHING * keeping:
        told.append(say("security.sharing_little", cost=f"{say.rough(keeping)} {what}"))
    if sharing.indispensable:
        worth = [f"{who} ({say.rough(cases['refused', who])} {what})" for who in sharing.indispensable]
        told.append(say("must_share", pairs=say.list(worth)))
    elif cases["nobody", ""] == 0:
        told.append(say("none_need"))
    if sharing.sufficient is not None and set(sharing.sufficient) != set(sharing.indispensable):
        told.append(say("enough", pairs=say.list(sharing.sufficient)))
    costly = sorted(((cost, who) for (kind, who), cost in cases.items() if kind == "alone" and cost > 0), reverse=True)
    told += [say("refusing", country=who, cost=say.rough(cost), unit=what) for cost, who in costly]
    return told
