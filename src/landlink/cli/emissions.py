"""``landlink emissions``: energy and emissions of freight, by country, mode, commodity, link, place or leg."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.compiling import compile_for_study, showing_compilation
from landlink.cli.headlines import link_names, place_names
from landlink.cli.outputs import add_output, checked_output
from landlink.cli.solving import add_cases, chosen_scenarios
from landlink.core.countries import country_name

if TYPE_CHECKING:
    import pandas as pd

    from landlink.analysis.emissions import Emissions
    from landlink.results.result import Result

_HEADINGS: Final = ("country", "mode", "commodity", "link", "place", "leg")
_SHOWN: Final = 15
#: Columns that are printed, with their headings; the first is named.
_PRINTED: Final = {
    "country": ("co2e_t_per_year", "share", "energy_mj_per_year", "tkm_per_year", "g_per_tkm"),
    "mode": ("co2e_t_per_year", "share", "energy_mj_per_year", "tkm_per_year", "g_per_tkm"),
    "commodity": ("co2e_t_per_year", "share", "tonnes_per_year", "tkm_per_year", "g_per_tkm"),
    "link": ("direction", "co2e_t_per_year", "tonnes_per_year", "electricity_share", "g_per_tkm"),
    "place": ("direction", "co2e_t_per_year", "tonnes_per_year", "vehicle_h_per_year", "kg_per_t"),
    "leg": ("distance_km", "gcd_km", "energy_mj_per_t", "co2e_kg_per_t"),
}
_HEADS: Final = {
    "co2e_t_per_year": "t CO2e/year",
    "share": "share",
    "energy_mj_per_year": "TJ/year",
    "tkm_per_year": "Mtkm/year",
    "tonnes_per_year": "kt/year",
    "g_per_tkm": "g/tkm",
    "direction": "",
    "electricity_share": "electric",
    "vehicle_h_per_year": "vehicle-h/year",
    "kg_per_t": "kg/t",
    "distance_km": "km",
    "gcd_km": "great-circle km",
    "energy_mj_per_t": "MJ/t",
    "co2e_kg_per_t": "kg CO2e/t",
}
_SIZES: Final = {"energy_mj_per_year": 1e6, "tkm_per_year": 1e6, "tonnes_per_year": 1e3}
_SHARES: Final = ("share", "electricity_share")
#: Lengths of the network; all else is as well known as the model, and has two digits.
_EXACT: Final = ("distance_km", "gcd_km")


def add_verb(verbs: Verbs) -> None:
    """Register ``emissions``."""
    parser = arguments.add_verb(
        verbs,
        "emissions",
        _emissions,
        summary="energy and emissions of freight by country, mode, commodity, link, place or leg",
        description="List what freight emits, well to wheel and as CO2e: of a saved result, or of a scenario of a\n"
        "study, which is solved. Background vehicles such as cars are not counted.",
        example="landlink emissions results/base-2030\n"
        "landlink emissions results/cku-2030 --by leg\n"
        "landlink emissions china-kyrgyzstan --scenario cku-2030 --by link -o links.csv",
    )
    parser.add_argument("source", metavar="STUDY|RESULT", help="a result folder, or a study (its name or folder)")
    parser.add_argument("--by", choices=_HEADINGS, default="country", help="what to list emissions by (country)")
    parser.add_argument(
        "--top", metavar="N", type=arguments.positive_integer, default=_SHOWN, help=f"rows to show ({_SHOWN})"
    )
    add_cases(parser, "to solve")
    add_output(parser, help="table to write: .csv or .parquet; .xlsx has a sheet for every heading")


def _emissions(args: argparse.Namespace) -> int:
    from landlink.analysis.emissions import EMISSIONS_FILE

    if args.output:
        checked_output(args, args.output, EMISSIONS_FILE)
    found = ll.emissions(_result(args))
    table = found.by(args.by)
    if args.output:
        found.save(args.output, args.by, force=args.force)
    if args.json:
        written = {"written": args.output.resolve()} if args.output else {}
        facts = {"label": found.result.label, "co2e_t_per_year": found.total, "energy_mj_per_year": found.energy_mj}
        printing.say_json(
            {
                "ok": True,
                **facts,
                **written,
                "notices": list(found.notices),
                "by": args.by,
                "rows": table.to_dict("records"),
            }
        )
        return 0
    _say(found, table, args)
    printing.say(f"Wrote {args.output}" if args.output else "Add -o emissions.csv for the whole table.")
    return 0


def _result(args: argparse.Namespace) -> Result:
    """The result that was given, or the scenario that was asked for, solved."""
    from landlink.tables.destinations import RESULT_FILE

    asked = args.scenario or args.apply or args.change or args.year is not None
    if (Path(args.source) / RESULT_FILE).is_file():
        if asked:
            raise ll.InputError("results are solved already: --scenario, --apply, --change and --year need a study")
        return ll.open_result(args.source)
    args.study = args.source
    scenarios = chosen_scenarios(args)
    if len(scenarios) > 1:
        names = ", ".join(one.id or one.label for one in scenarios)
        raise ll.InputError(f"emissions are listed for one scenario; choose one of {names} with --scenario")
    with showing_compilation() as progress:
        compile_for_study(scenarios[0].study, progress)
        return ll.solve(scenarios[0], progress=progress)


def _say(found: Emissions, table: pd.DataFrame, args: argparse.Namespace) -> None:
    from landlink.results.compare import title_of

    value = found.result.indicator
    waiting = value("emissions.waiting_share")
    printing.say([title_of(found.result), ""])
    printing.say(
        f"{printing.rough(found.total)} t CO2e a year, {printing.rough(found.g_per_tkm)} g/tkm;"
        f" {printing.rough(100 * waiting)} % of it while vehicles wait at border crossings."
    )
    printing.say()
    shown = table if args.by == "leg" else table.head(args.top)
    columns = _PRINTED[args.by]
    names = place_names([found.result]) | link_names(found.result)
    rows = [(_name(names, args.by, row), *_cells(row, columns)) for row in shown.to_dict("records")]
    right = [place for place, name in enumerate(columns, start=1) if name != "direction"]
    printing.say(printing.grid(rows, headers=(args.by, *(_HEADS[name] for name in columns)), right=right))
    if len(shown) < len(table):
        printing.say(f"... and {len(table) - len(shown)} more; --top shows more rows.")
    printing.say(["", "Well to wheel, as CO2e, of freight alone, empty returns included."])
    printing.say([f"Note: {notice}." for notice in found.notices])


def _cells(row: Any, columns: tuple[str, ...]) -> list[str]:
    cells = []
    for name in columns:
        if name == "direction":
            cells.append(str(row[name]))
        elif name in _SHARES:
            cells.append("" if row[name] != row[name] else f"{printing.rough(100 * row[name])} %")
        else:
            write = printing.number if name in _EXACT else printing.rough
            cells.append(write(row[name] / _SIZES.get(name, 1.0)))
    return cells


def _name(names: dict[str, str], by: str, row: Any) -> str:
    """What a row is called: identifier and name."""
    if by == "country":
        return f"{row['country']} {country_name(row['country'])}"
    if by == "mode":
        return str(row["family"])
    if by == "commodity":
        return str(row["commodity_id"])
    if by == "link":
        return f"{row['link_id']} {names.get(row['link_id'], '')}".strip()
    if by == "place":
        family = "" if row["kind"] == "terminal" else f" {row['family']}"
        return f"{row['kind']} {row['place_id']}{family} {names.get(row['place_id'], '')}".strip()
    chain = f"{row['origin_zone_id']}-{row['destination_zone_id']} {row['alternative']}"
    place = f"{row['from_name']} - {row['to_name']}" if row["operation"] == "transport" else row["name"]
    return f"{chain} {row['leg']}: {place} ({row['mode']})"
