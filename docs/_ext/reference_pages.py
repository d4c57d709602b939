"""Write the reference pages from the code, so that no table, indicator or command is described twice.

The pages stand in ``docs/reference/generated``, are made anew at every build, and are included by the pages beside
that folder.
"""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
from statement_pages import statement_quality

from landlink.border.health import HealthRule, border_sides, entries_per_week
from landlink.cli import build_parser
from landlink.indicators.registry import INDICATORS, Indicator
from landlink.results.provenance import Certification, EnsembleRun, Presentation, Run
from landlink.statement.register_schema import SCHEMAS
from landlink.study import open_study
from landlink.tables.column import TYPE_MEANING, Column, Table
from landlink.tables.descriptions import allowed_values, default_text
from landlink.tables.health_schemas import HEALTH_PARAMETERS, SETTINGS
from landlink.tables.outputs import OUTPUTS
from landlink.tables.schemas import TABLES
from landlink.tables.settings_schemas import SETTINGS as STUDY_SETTINGS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Cells = tuple[str, ...]

#: Columns whose names and meanings are those of GMNS.
GMNS_COLUMNS: Final = {
    "config": "dataset_name long_length speed crs currency version_number geometry_field_format",
    "node": "node_id name x_coord y_coord z_coord node_type",
    "link": "link_id name from_node_id to_node_id directed geometry_id length free_speed lanes facility_type toll",
    "geometry": "geometry_id geometry",
    "zone": "zone_id name",
}

#: What begins the name of an indicator, in words.
SUBJECTS: Final = {
    "total": "Totals",
    "mode": "Modes",
    "alternative": "Alternatives",
    "country": "Countries",
    "country_pair": "Pairs of countries",
    "crossing": "Crossings",
    "border": "Borders",
    "link": "Links",
    "terminal": "Terminals",
    "od": "Pairs of zones",
    "distance": "Distances",
}


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages before Sphinx looks for sources."""
    app.connect("builder-inited", lambda app: write_pages(Path(app.srcdir) / "reference" / "generated"))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def write_pages(folder: Path) -> None:
    """Write every page; one that has not changed keeps its time, so that Sphinx need not read it again."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        text, path = "\n".join(page()) + "\n", folder / f"{name}.md"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")


def tables() -> Iterator[str]:
    """All tables of a study, each under a heading."""
    rows = [(_link(t.name), "yes" if t.required else "", "yes" if t.gmns else "", t.meaning) for t in TABLES.values()]
    yield from grid(("table", "required", "GMNS", "contents"), rows)
    yield from ("", "## Types", "")
    yield from grid(("type", "accepted values"), ((f"`{name}`", words) for name, words in TYPE_MEANING.items()))
    for table in TABLES.values():
        yield from ("", f"(table-{table.name})=", "", f"## {table.name}", "", table.meaning, *_key(table), "")
        yield from grid(("column", "type", "unit", "default", "meaning"), map(_column(table), table.columns))


def _link(table: str) -> str:
    return f"[`{table}`](#table-{table})"


def _key(table: Table) -> Iterator[str]:
    names = [f"`{name}`" for name in table.key]
    if names:
        yield (
            f"A row is known by its {names[0]}."
            if len(names) == 1
            else (f"A row is known by its {', '.join(names[:-1])} and {names[-1]} together.")
        )


def _column(table: Table) -> Callable[[Column], Cells]:
    of_gmns = GMNS_COLUMNS.get(table.name, "").split()

    def row(column: Column) -> Cells:
        mark = " ᴳ" if column.name in of_gmns else ""
        allowed = allowed_values(column, quote="`")
        meaning = f"{column.meaning} Allowed: {allowed}." if allowed else column.meaning
        return (f"`{column.name}`{mark}", column.type, column.unit, _when_empty(column), meaning)

    return row


def _when_empty(column: Column) -> str:
    if column.required:
        return "*required*"
    default = default_text(column)
    return f"`{default}`" if default else ""


def settings() -> Iterator[str]:
    """All settings of study.toml, each section under a heading."""
    for section in STUDY_SETTINGS.values():
        title = "The study" if section.name == "study" else section.name
        yield from ("", f"## {title}", "", section.meaning, "")
        yield from grid(("key", "type", "default", "meaning"), map(_setting, section.columns))


def _setting(column: Column) -> Cells:
    allowed = allowed_values(column, quote="`")
    unit = f" ({column.unit})" * bool(column.unit)
    meaning = column.meaning + (f" Allowed: {allowed}." if allowed else "")
    return f"`{column.name}`", column.type + unit, _when_empty(column), meaning


def indicators() -> Iterator[str]:
    """All indicators by subject."""
    about = {name: name.split(".")[0] for name in INDICATORS}
    titles = SUBJECTS | {s: s.capitalize() for s in about.values() if s not in SUBJECTS}
    for subject, title in titles.items():
        rows = [_indicator(definition) for name, definition in INDICATORS.items() if about[name] == subject]
        yield from ("", f"## {title}", "", *grid(("indicator", "unit", "meaning"), rows))


#: Said of indicators that the demand decides.
_FIXED = " Fixed by assumption, except by alternative: demand does not respond to costs."


def _indicator(definition: Indicator) -> Cells:
    return (
        f"`{definition.form}`",
        definition.unit.text,
        definition.meaning
        + _FIXED * (definition.fixed_when_demand_fixed is not None)
        + ("" if definition.listed else " Not listed by default; request it by name."),
    )


def commands() -> Iterator[str]:
    """Help pages of all commands."""
    for name, verb in _verbs(build_parser()).items():
        yield from ("", f"## landlink {name}", "", "```text", _help(verb), "```")


def _verbs(parser: argparse.ArgumentParser, before: str = "") -> dict[str, argparse.ArgumentParser]:
    """All commands by their words; of a group those within it."""
    found: dict[str, argparse.ArgumentParser] = {}
    actions = parser._actions  # noqa: SLF001 -- argparse has no public way to list subcommands
    for name, verb in next((action.choices for action in actions if isinstance(action.choices, dict)), {}).items():
        words = f"{before}{name}"
        found |= _verbs(verb, f"{words} ") or {words: verb}
    return found


def _help(parser: argparse.ArgumentParser) -> str:
    # Width and colours of the terminal in which the docs are built are not the reader's.
    parser.formatter_class = lambda prog: argparse.RawDescriptionHelpFormatter(prog, width=92)
    parser.__dict__["color"] = False
    return parser.format_help().strip()


def register() -> Iterator[str]:
    """All records of a register, each under a heading."""
    for name, fields in SCHEMAS.items():
        yield from ("", f"(register-{name})=", f"## {name}", "")
        rows = (
            (f"`{field.name}`", field.kind, "yes" if field.needed else "", field.meaning + _choices(field.allowed))
            for field in fields
        )
        yield from grid(("field", "kind", "required", "meaning"), rows)


def _choices(allowed: Sequence[str]) -> str:
    return f" Allowed: {', '.join(f'`{value}`' for value in allowed)}." if allowed else ""


def results() -> Iterator[str]:
    """All tables of a result, each under a heading."""
    rows = [(f"[`{name}`](#result-{name})", output.table.meaning) for name, output in OUTPUTS.items()]
    yield from grid(("table", "contents"), rows)
    for name, output in OUTPUTS.items():
        table = output.table
        yield from ("", f"(result-{name})=", "", f"## {name}", "", table.meaning, "")
        if name in TABLES and table.columns == TABLES[name].columns:
            yield f"Its columns are those of the study's table {_link(name)}, as the year sees them."
            continue
        yield from grid(("column", "type", "unit", "meaning"), map(_result_column, table.columns))


def _result_column(column: Column) -> Cells:
    allowed = f" Allowed: {allowed_values(column, quote='`')}." if column.allowed else ""
    return f"`{column.name}`", column.type, column.unit, column.meaning + allowed


def provenance() -> Iterator[str]:
    """What a result records of how it came about, a heading each part."""
    parts = (("run", Run), ("certificate", Certification), ("presentation", Presentation), ("ensemble", EnsembleRun))
    for name, part in parts:
        summary, _, attributes = (inspect.getdoc(part) or "").partition("Attributes\n----------\n")
        yield from ("", f"### {name}", "", " ".join(summary.split()), "")
        yield from grid(("attribute", "meaning"), _attributes(attributes))


def _attributes(section: str) -> Iterator[Cells]:
    """Names and meanings of a NumPy section: names at the margin, what they mean indented below."""
    for names, meaning in re.findall(r"^(\S.*)\n((?:[ \t]+\S.*\n?)+)", section, re.MULTILINE):
        shown = ", ".join(f"`{name.strip()}`" for name in names.split(","))
        yield shown, " ".join(meaning.split()).replace("``", "`")


def bundled_tables() -> Iterator[str]:
    """Row counts of the bundled study."""
    frames = open_study("china-kyrgyzstan").tables
    rows = [(_link(name), f"{len(frame):,}", _sureness(frame), TABLES[name].meaning) for name, frame in frames.items()]
    yield from grid(("table", "rows", "quality of the rows", "contents"), rows)


def bundled_modes() -> Iterator[str]:
    """Links of the bundled study by mode."""
    study = open_study("china-kyrgyzstan")
    link, vehicle = study.tables["link"], study.tables["vehicle"].set_index("mode")
    rows = [
        (
            f"`{mode}`",
            str(vehicle.at[mode, "name"]),
            f"{len(links):,}",
            f"{links['length'].sum():,.0f}",
            f"{(links['status'] != 'existing').sum():,}",
        )
        for mode, links in link.groupby("mode", sort=False)
    ]
    yield from grid(("mode", "vehicle", "links", "km", "links not yet open"), rows)


def bundled_measures() -> Iterator[str]:
    """Measures of the bundled study with effects."""
    study = open_study("china-kyrgyzstan")
    measure = study.tables["measure"]
    shown = measure[measure["measure_id"].isin(study.tables["effect"]["measure_id"])]
    rows = [
        (f"`{row.measure_id}`", str(row.name), str(row.kind), str(row.open_from), str(row.stage).replace("_", " "))
        for row in shown.itertuples(index=False)
    ]
    yield f"{len(shown)} of {len(measure)} measures have effects:"
    yield ""
    yield from grid(("measure", "name", "kind", "from", "stage"), rows)


def bundled_scenarios() -> Iterator[str]:
    """Scenarios of the bundled study."""
    rows = [
        (
            f"`{scenario.id}`",
            str(scenario.year),
            scenario.title,
            ", ".join(f"`{measure}`" for measure in scenario.apply),
        )
        for scenario in open_study("china-kyrgyzstan").settings.scenarios
    ]
    yield from grid(("scenario", "year", "title", "measures"), rows)


def health_settings() -> Iterator[str]:
    """Parameters of health rules by kind."""
    kinds: dict[str, list[str]] = {}
    for kind, settings in SETTINGS.items():
        for name in settings:
            kinds.setdefault(name, []).append(kind)
    rows = []
    for name, of in kinds.items():
        told = {(one.meaning, one.unit, one.required, one.default) for one in (SETTINGS[kind][name] for kind in of)}
        for meaning, unit, required, default in sorted(told, key=str):
            mine = [kind for kind in of if SETTINGS[kind][name].meaning == meaning]
            empty = "*required*" if required else "" if default is None else f"`{default:g}`"
            rows.append((f"`{name}`", "all" if mine == list(SETTINGS) else ", ".join(mine), unit, empty, meaning))
    yield from grid(("name", "kinds", "unit", "default", "meaning"), rows)


def bundled_health() -> Iterator[str]:
    """Parameters of the bundled study, with their sources."""
    tables = open_study("china-kyrgyzstan").tables
    titles = dict(zip(tables["source"]["source_id"], tables["source"]["title"], strict=True))
    rows = []
    for row in tables["health"].to_dict("records"):
        parameter = HEALTH_PARAMETERS[row["parameter"]]
        cited = "; ".join(titles[name] for name in row["source"].split(";"))
        name = f"`{row['parameter']}`" + (f" `{row['applies_to']}`" if row["applies_to"] else "")
        about = f"{' '.join(filter(None, (parameter.meaning, row['note'])))} *{cited}*"
        rows.append((name, f"{_range(row)} {parameter.unit}", row["quality"], about))
    yield from grid(("parameter", "value", "quality", "meaning and source"), rows)


def bundled_infection() -> Iterator[str]:
    """Prevalence and tests of the bundled study."""
    tables = open_study("china-kyrgyzstan").tables
    titles = dict(zip(tables["source"]["source_id"], tables["source"]["title"], strict=True))

    def cited(row: dict[str, str]) -> str:
        return "; ".join(titles[name] for name in row["source"].split(";"))

    rows = [
        (f"{row['country']}, from {row['from_date']}", f"{row['counted']} {_range(row)}", row["quality"], cited(row))
        for row in tables["prevalence"].to_dict("records")
    ]
    for test, points in tables["sensitivity"].rename(columns={"sensitivity": "value"}).groupby("test", sort=False):
        by_day = "; ".join(f"day {row['day']}: {_range(row)}" for row in points.to_dict("records"))
        last = points.to_dict("records")[-1]
        rows.append((f"`{test}`", by_day, last["quality"], cited(last)))
    yield from grid(("quantity", "value", "quality", "source"), rows)


def _range(row: dict[str, float]) -> str:
    """A value with its interval."""
    ends = "" if pd.isna(row["lower"]) else f" ({row['lower']:g} to {row['upper']:g})"
    return f"{row['value']:g}{ends}"


def health_compared() -> Iterator[str]:
    """Comparison of health rules for the same trucks."""
    sides = border_sides(open_study("china-kyrgyzstan"), "TORU", date(2020, 11, 1))
    base = entries_per_week((150, 150), (), sides).mean[-1]
    rows = []
    for name, rules in _HEALTH_RULES.items():
        found = entries_per_week((150, 150), rules, sides)
        low, high = found.counts()
        rows.append(
            (
                name,
                f"{found.mean[-1]:.2f}",
                f"{found.low[-1]:.2f} to {found.high[-1]:.2f}",
                f"{low[-1]:.0f} to {high[-1]:.0f}",
                f"{100 * (1 - found.mean[-1] / base):.0f} %",
            )
        )
    yield from grid(("rules", "entries per week", "95% of draws", "single week", "reduction"), rows)


_PCR: Final = HealthRule.of("test", test="pcr")
_HEALTH_RULES: Final = {
    "none": (),
    "PCR, sample 24 to 72 h before arrival": (HealthRule.of("test", test="pcr", hours_before=24, validity_h=72),),
    "PCR at the border, result after 12 h": (_PCR,),
    "PCR at the border, alternative sensitivity": (HealthRule.of("test", test="pcr_hellewell"),),
    "antigen test at the border": (HealthRule.of("test", test="antigen"),),
    "both tests at the border": (_PCR, HealthRule.of("test", test="antigen")),
    "quarantine of 7 days": (HealthRule.of("quarantine", days=7),),
    "quarantine of 7 days, then PCR": (HealthRule.of("quarantine", days=7), _PCR),
    "quarantine of 14 days": (HealthRule.of("quarantine", days=14),),
    "escort": (HealthRule.of("escort"),),
    "swap of drivers": (HealthRule.of("driver_swap"),),
    "swap of trailers": (HealthRule.of("trailer_swap"),),
    "80% vaccinated, efficacy 0.6 (assumed)": (HealthRule.of("vaccination", coverage=0.8, efficacy=0.6),),
    "disinfection, efficacy 0.9 (assumed)": (HealthRule.of("disinfection", efficacy=0.9),),
}


def _sureness(frame: pd.DataFrame) -> str:
    if "quality" not in frame:
        return ""
    return ", ".join(f"{count:,}\N{NO-BREAK SPACE}{name}" for name, count in frame["quality"].value_counts().items())


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write a table in Markdown."""
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


#: Pages by the name of their file.
PAGES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "tables": tables,
    "settings": settings,
    "indicators": indicators,
    "commands": commands,
    "register": register,
    "results": results,
    "provenance": provenance,
    "bundled_tables": bundled_tables,
    "bundled_modes": bundled_modes,
    "bundled_measures": bundled_measures,
    "bundled_scenarios": bundled_scenarios,
    "bundled_health": bundled_health,
    "bundled_infection": bundled_infection,
    "health_settings": health_settings,
    "health_compared": health_compared,
    "statement_quality": statement_quality,
}
