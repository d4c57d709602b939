"""Export of a result's emissions by shipment in the iLEAP data model."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from landlink.analysis.chain_ends import find_commodity, find_zone
from landlink.carbon.ileap_categories import country_categories
from landlink.carbon.ileap_documents import Document, activity_data, chain_documents, scope_of
from landlink.carbon.ileap_shipments import ShipmentTables
from landlink.carbon.pact_footprint import Issuer, hub_footprint, shipment_footprint, transport_footprint
from landlink.core.atomic_files import replaced_file
from landlink.core.errors import InputError, Problem
from landlink.results.export import finishing_time
from landlink.results.result import Result
from landlink.tables.destinations import OutputFile, check_output
from landlink.tables.frames import Tables

__all__ = ["ACTIVITY_FILE", "FOOTPRINT_FILE", "export_ileap"]

#: First lines of the files, by which they are recognised; the rest is one object a line, so that any number fits.
_FOOTPRINTS: Final = '{"landlink": "iLEAP footprints",\n"data": [\n'
_ACTIVITIES: Final = '{"landlink": "iLEAP transport activity data",\n"data": [\n'
_END: Final = "\n]}\n"
_LISTED: Final = 12


def _begins_with(head: str) -> OutputFile:
    def wrote(path: Path) -> bool:
        with path.open("rb") as file:
            return file.read(len(head)) == head.encode()

    return OutputFile("an iLEAP export", (".json",), wrote)


#: The kinds of file that an export makes.
FOOTPRINT_FILE: Final = _begins_with(_FOOTPRINTS)
ACTIVITY_FILE: Final = _begins_with(_ACTIVITIES)


def export_ileap(
    result: Result,
    path: str | os.PathLike[str],
    *,
    origin: str = "",
    destination: str = "",
    commodity: str = "",
    company: str = "",
    activity: str | os.PathLike[str] | None = None,
    force: bool = False,
) -> Path:
    """Write the emissions of shipments in the iLEAP 1.0 data model, as the answer of a PACT host to ListFootprints.

    A shipment is the freight of a commodity between two zones in the year of the result; the pairs are those of the
    table ``leg``. Each alternative that carries it is a consignment, whose main route is the chain of elements: a
    transport operation for each run of links of one mode in one country, and a hub operation at each terminal and
    crossing. The file has a product footprint for each shipment, for each category of operations that a shipment refers
    to, and for the freight of each country and family of modes.

    Parameters
    ----------
    result
        The result.
    path
        The file, ``.json``. What an earlier export made is replaced.
    origin, destination, commodity
        Zones and commodity by id or name; all shipments by default.
    company
        Name of the owner of the data; the title of the study by default.
    activity
        File for the transport activity data of the same shipments, ``.json``; none by default.
    force
        Whether to replace a file that landlink did not write.

    Returns
    -------
    pathlib.Path
        The file of footprints.

    Raises
    ------
    ResultError
        The result has no emissions by leg, as those that earlier versions of landlink made.
    UnknownNameError
        There is no such zone or commodity.
    InputError
        The result has no legs of such a shipment, or the data model has no term for an energy carrier of the study.
    OutputError
        A file cannot be written, or exists and is not an export.

    References
    ----------
    Smart Freight Centre and SINE Foundation (2025), *iLEAP Technical Specifications*, version 1.0.0.
    ISO 14083:2023, *Quantification and reporting of greenhouse gas emissions arising from transport chain operations*.
    """
    target = Path(path)
    check_output(target, FOOTPRINT_FILE, force=force)
    if activity is not None:
        check_output(activity, ACTIVITY_FILE, force=force)
        if Path(activity).resolve() == target.resolve():
            raise InputError(Problem("", "footprints and activity data need a file each", value=str(activity)))
    source = ShipmentTables(result.tables)
    keys = _wanted(source, result.tables, origin, destination, commodity)
    issuer = _issuer(result, company)
    with replaced_file(target) as new:
        if activity is not None:
            with replaced_file(activity) as beside:
                _write(beside, _ACTIVITIES, _activities(source, keys, issuer))
        _write(new, _FOOTPRINTS, _footprints(source, keys, result.tables, issuer))
    return target


def _wanted(
    source: ShipmentTables, tables: Tables, origin: str, destination: str, commodity: str
) -> set[tuple[str, str, str]]:
    """Keys of the shipments that are wanted.

    Raises
    ------
    InputError
        There is none.
    """
    begin = find_zone(tables, origin, "origin") if origin else ""
    end = find_zone(tables, destination, "destination") if destination else ""
    good = find_commodity(tables, commodity) if commodity else ""
    asked = (begin, end, good)
    found = {key for key in source.keys if all(not one or one == other for one, other in zip(asked, key, strict=True))}
    if not found:
        names = [f"{a} to {b}: {c}" for a, b, c in source.keys]
        listed = "; ".join(names[:_LISTED]) + (" …" if len(names) > _LISTED else "")
        wanted = ", ".join(filter(None, asked)) or "any"
        allowed = listed or "none: name pairs of zones in the study (table pair) and solve it again"
        raise InputError(Problem("leg", "the result has no legs of such a shipment", value=wanted, allowed=allowed))
    return found


def _footprints(
    source: ShipmentTables, keys: set[tuple[str, str, str]], tables: Tables, issuer: Issuer
) -> Iterator[Document]:
    """Product footprints, one at a time: each shipment followed by its categories that were not there before."""
    known: set[str] = set()
    for shipment in source.shipments(keys):
        if not shipment.consignments:
            continue
        chain = chain_documents(shipment, issuer.scope)
        label = f"{shipment.commodity}, {shipment.origin} - {shipment.destination}, {issuer.year}"
        yield shipment_footprint(chain.footprint, label, issuer)
        for key, category in {**chain.transport_categories, **chain.hub_categories}.items():
            if key not in known:
                known.add(key)
                yield (hub_footprint if "hocId" in category else transport_footprint)(category, issuer)
    if "emission_country" in tables and "country" in tables:
        for category in country_categories(tables, issuer.scope):
            yield transport_footprint(category, issuer)


def _activities(source: ShipmentTables, keys: set[tuple[str, str, str]], issuer: Issuer) -> Iterator[Document]:
    begins = datetime(issuer.year, 1, 1, tzinfo=UTC)
    for shipment in source.shipments(keys):
        yield from activity_data(shipment, issuer.scope, begins=begins)


def _issuer(result: Result, company: str) -> Issuer:
    """What all footprints of a result have in common, from its provenance."""
    run, presentation = result.provenance.run, result.provenance.presentation
    measures = ",".join(measure.id for measure in run.measures)
    scope = scope_of(run.study_hash, str(run.year), measures, run.routing, str(run.seed))
    what = f"landlink {run.landlink}, study {presentation.title}, {presentation.label}"
    lines = [
        f"Estimate of a model, not a record of a transport: {what}.",
        "A shipment is the freight of a year; its chains are the main routes of its alternatives.",
        presentation.disclaimer,
    ]
    return Issuer(
        scope=scope,
        company=company or presentation.title or run.study,
        company_id=f"urn:pathfinder:company:customcode:vendor-assigned:{quote(company or run.study, safe='')}",
        year=run.year,
        created=finishing_time(result.provenance),
        comment=" ".join(line for line in lines if line),
        sources=((f"Tables carrier and grid of the study {presentation.title}, and landlink's own", run.landlink),),
    )


def _write(path: Path, head: str, documents: Iterable[Document]) -> None:
    """Write objects one a line as they come, so that no more than one is held."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(head)
        for place, document in enumerate(documents):
            file.write(",\n" if place else "")
            file.write(json.dumps(document, ensure_ascii=False, allow_nan=False))
        file.write(_END)
