"""Write a result for other programs: QGIS, a spreadsheet, a data frame."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

import pandas as pd

from landlink.core.arguments import check_kind
from landlink.core.atomic_files import replaced_folder, write_text
from landlink.core.errors import InputError, Problem
from landlink.core.json_text import json_text
from landlink.formats.authorship import marked_geopackage, marked_workbook, read_json
from landlink.formats.csv_folder import write_csv_files
from landlink.formats.excel import write_workbook
from landlink.formats.geopackage import write_geopackage
from landlink.formats.geoparquet import write_parquet_files
from landlink.results.amounts import tables_in_both, unit_of_both
from landlink.results.provenance import Provenance
from landlink.results.result import Result
from landlink.tables.destinations import OutputFile, OutputFolder, check_output
from landlink.tables.outputs import OUTPUTS

__all__ = ["EXPORTS", "Format", "export", "finishing_time"]

Format = Literal["gpkg", "parquet", "csv", "xlsx"]

#: File that describes an exported folder, and by which a later export recognises it.
MARKER: Final = "export.json"


def _listed(folder: Path) -> Collection[str] | None:
    """Files that an exported folder lists; ``None`` if it is none."""
    content = read_json(folder / MARKER)
    if content is None or "landlink_export" not in content:
        return None
    files = content.get("files")
    return list(files) if isinstance(files, dict) else None


_FOLDER: Final = OutputFolder("an exported result", MARKER, _listed)
#: The kind of file or folder that each format makes.
EXPORTS: Final[Mapping[str, OutputFile | OutputFolder]] = {
    "gpkg": OutputFile("an exported result", (".gpkg",), marked_geopackage),
    "parquet": _FOLDER,
    "csv": _FOLDER,
    "xlsx": OutputFile("an exported result", (".xlsx",), marked_workbook("export")),
}


def export(result: Result, path: str | os.PathLike[str], *, to: Format, force: bool = False) -> Path:
    """Write every table of a result in a format for other programs.

    Parameters
    ----------
    result
        The result.
    path
        A file for ``gpkg`` and ``xlsx``, a folder for ``parquet`` and ``csv``. What an earlier export made is replaced.
    to
        ``gpkg``: GeoPackage with layers of links, crossings, terminals, nodes, zones and boundaries in longitude and
        latitude, and the other tables without geometry. ``parquet``: GeoParquet, one file per table. ``csv``: one file
        per table. ``xlsx``: an Excel workbook, one sheet per table but those of single
        members of an ensemble. Text that a spreadsheet might evaluate as a formula
        is stored as text in ``xlsx`` and prefixed with an apostrophe in ``csv``. Amounts are in USD and, in columns
        beside those, in the currency of the study if it has one.
    force
        Whether to replace a file that landlink did not write or that has been changed since, or an exported folder into
        which somebody has put other files.

    Returns
    -------
    pathlib.Path
        What was written.

    Raises
    ------
    InputError
        The format is unknown.
    OutputError
        The path cannot be written, or exists and is not an export.
    """
    check_kind("result", result, Result, allowed="a result, as of solve or open_result")
    target = Path(path)
    if to not in get_args(Format):
        raise InputError(Problem("", "unknown format", value=str(to), allowed=", ".join(get_args(Format))))
    kind = EXPORTS[to]
    check_output(target, kind, force=force)
    made = finishing_time(result.provenance)
    money = result.currency
    tables, unit_of = tables_in_both(_ordered(result.tables), money), unit_of_both(money)
    descriptions = {name: output.table.meaning for name, output in OUTPUTS.items()}
    if to == "xlsx":
        title, about = _title(result.provenance), _about(result.provenance)
        write_workbook(
            {name: table for name, table in tables.items() if not (name in OUTPUTS and OUTPUTS[name].bulky)},
            target,
            title=title,
            about=about,
            created=made,
            descriptions=descriptions,
            unit_of=unit_of,
        )
    elif to == "gpkg":
        lines = pd.DataFrame(_about(result.provenance), columns=["what", "text"], dtype="str")
        with_about = {**tables, "about": lines}
        descriptions = {**descriptions, "about": _title(result.provenance)}
        write_geopackage(with_about, target, changed=made, descriptions=descriptions)
    else:
        with replaced_folder(target, check=lambda place: check_output(place, kind, force=force)) as folder:
            write_files = write_csv_files if to == "csv" else write_parquet_files
            write_files(tables, folder)
            write_text(folder / MARKER, _marker(to, tables, unit_of, result.provenance))
    return target


def _ordered(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Order the tables by relevance."""
    known = [name for name in OUTPUTS if name in tables]
    return {name: tables[name] for name in [*known, *(name for name in tables if name not in OUTPUTS)]}


def finishing_time(provenance: Provenance) -> datetime:
    """Time the result was finished; it dates exported files, so that exporting twice gives the same bytes."""
    try:
        moment = datetime.fromisoformat(provenance.run.finished_at)
    except ValueError:
        return datetime(2000, 1, 1, tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _title(provenance: Provenance) -> str:
    label, title = provenance.presentation.label, provenance.presentation.title
    return f"{title}: {label}" if label and label != title else title


def _about(provenance: Provenance) -> list[tuple[str, str]]:
    """Facts for the reader of the tables: scenario, accuracy and terms of use."""
    run, certificate, presentation = provenance.run, provenance.certificate, provenance.presentation
    lines = [
        ("Year", _text(run.year)),
        ("Measures", _text([measure.name or measure.id for measure in run.measures])),
        ("Currency", str(presentation.money) if presentation.money.is_own else ""),
        ("Relative gap", f"{certificate.relative_gap} (target: {certificate.target_gap})"),
        ("Converged", _text(certificate.converged)),
        ("Study", f"{run.study}, hash {run.study_hash}"),
        ("Made with", f"landlink {run.landlink}, {_text(run.versions)}"),
        ("Finished", run.finished_at),
        ("Licence of the data", presentation.licence),
        ("Attribution", _text(presentation.attribution)),
        ("Disclaimer", presentation.disclaimer),
        ("Notes", _text(presentation.notes)),
    ]
    return [(label, text) for label, text in lines if text]


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _marker(
    to: str, tables: Mapping[str, pd.DataFrame], unit_of: Callable[[str, str], str], provenance: Provenance
) -> str:
    """Description of an exported folder, for people and programs."""
    suffix = "csv" if to == "csv" else "parquet"
    files = {
        f"{name}.{suffix}": {
            "meaning": OUTPUTS[name].table.meaning if name in OUTPUTS else "",
            "rows": len(frame),
            "units": {column: unit for column in map(str, frame.columns) if (unit := unit_of(name, column))},
        }
        for name, frame in tables.items()
    }
    guard = "An apostrophe at the beginning of a text keeps spreadsheets from evaluating it; remove it before use."
    head: dict[str, Any] = {"landlink_export": to, "title": _title(provenance)}
    note = {"note": guard} if to == "csv" else {}
    content = head | note | {"files": files, "provenance": provenance.as_dict()}
    return json_text(content, indent=2)
