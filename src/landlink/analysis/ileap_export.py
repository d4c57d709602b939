"""Export of a result's emissions by shipment in the iLEAP data model."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pandas as pd

from landlink.analysis.chain_ends import find_commodity, find_zone
from landlink.analysis.reopened import scenario_of
from landlink.carbon.arc_terms import account_of
from landlink.carbon.ileap_categories import country_categories
from landlink.carbon.ileap_documents import Document, activity_data, chain_documents, scope_of
from landlink.carbon.ileap_shipments import Key, ShipmentTables
from landlink.carbon.leg_emissions import leg_emissions
from landlink.carbon.pact_footprint import Issuer, hub_footprint, shipment_footprint, transport_footprint
from landlink.core.arguments import check_kind
from landlink.core.atomic_files import replaced_file
from landlink.core.errors import InputError, Problem
from landlink.core.input_files import open_input
from landlink.core.progress import Progress
from landlink.freight.trip_tables import leg_table
from landlink.model.solve import solve
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
_MEANS: Final = ("emission_country", "country")
_KEY: Final = ("origin_zone_id", "destination_zone_id", "commodity_id")


def _begins_with(head: str) -> OutputFile:
    def wrote(path: Path) -> bool:
        with open_input(path) as file:
            return file.read(len(head)) == head.encode()

    return OutputFile("an iLEAP export", (".json",), wrote)


#: The kinds of file that an export makes.
FOOTPRINT_FILE: Final = _begins_with(_FOOTPRINTS)
ACTIVITY_FILE: Final = _begins_with(_ACTIVITIES)


def export_ileap(
    result: Result,
    path: str | os.PathLike[str],
    *,
    shipment: Sequence[str] = (),
    company: str = "",
    activity: str | os.PathLike[str] | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write the emissions of shipments in the iLEAP 1.0 data model, as the answer of a PACT host to ListFootprints.

    A shipment is the freight of a commodity between two zones in the year of the result; the pairs are those of the
    table ``leg``, or another that is named, for which the scenario is solved again, which takes a moment. Each
    alternative that carries it is a consignment, whose main route is the chain of elements: a transport operation for
    each run of links of one mode in one country, and a hub operation at each terminal and crossing. The file has a
    product footprint for each shipment, for each category of operations that a shipment refers to and, where no
    shipment is named, for the freight of each country and family of modes.

    Parameters
    ----------
    result
        The result.
    path
        The file, ``.json``. What an earlier export made is replaced.
    shipment
        Origin, destination and commodity by id or name, of which the last may be left out and any may be empty; all
        shipments that the result lists by default.
    company
        Name of the owner of the data; the title of the study by default.
    activity
        File for the transport activity data of the same shipments, ``.json``; none by default.
    force
        Whether to replace a file that landlink did not write.
    progress
        Called with what is being done.

    Returns
    -------
    pathlib.Path
        The file of footprints.

    Raises
    ------
    ResultError
        The result has no emissions by leg, as those that earlier versions of landlink made, or has to be solved again
        and its study has changed.
    UnknownNameError
        There is no such zone or commodity.
    InputError
        There is no such shipment, or the data model has no term for an energy carrier of the study.
    OutputError
        A file cannot be written, or exists and is not an export.

    References
    ----------
    Smart Freight Centre and SINE Foundation (2025), *iLEAP Technical Specifications*, version 1.0.0.
    ISO 14083:2023, *Quantification and reporting of greenhouse gas emissions arising from transport chain operations*.
    """
    check_kind("result", result, Result, allowed="a result, as of solve or open_result")
    target = Path(path)
    check_output(target, FOOTPRINT_FILE, force=force)
    if activity is not None:
        check_output(activity, ACTIVITY_FILE, force=force)
        if Path(activity).resolve() == target.resolve():
            raise InputError(Problem("", "footprints and activity data need a file each", value=str(activity)))
    source = ShipmentTables(result.tables)
    if isinstance(shipment, str) or len(shipment) > len(_KEY):
        raise InputError(
            Problem("", "a shipment is named by its origin, destination and commodity", value=str(shipment))
        )
    asked = _asked(result.tables, *shipment)
    keys = {key for key in source.keys if _fits(key, asked)}
    if not keys:
        source = ShipmentTables({**result.tables, **_legs_of(result, asked, source.keys, progress)})
        keys = set(source.keys)
    issuer = _issuer(result, company)
    # Means of countries stand beside all shipments, not beside the one that is sought.
    of_all = {} if any(asked) else {name: result.tables[name] for name in _MEANS if name in result.tables}
    with replaced_file(target) as new:
        if activity is not None:
            with replaced_file(activity) as beside:
                _write(beside, _ACTIVITIES, _activities(source, keys, issuer))
        _write(new, _FOOTPRINTS, _footprints(source, keys, issuer, of_all))
    return target


def _asked(tables: Tables, origin: str = "", destination: str = "", commodity: str = "") -> Key:
    """Keys of what was asked for by id or name; empty where anything will do."""
    return (
        find_zone(tables, origin, "origin") if origin else "",
        find_zone(tables, destination, "destination") if destination else "",
        find_commodity(tables, commodity) if commodity else "",
    )


def _fits(key: Key, asked: Key) -> bool:
    return all(not one or one == other for one, other in zip(asked, key, strict=True))


def _legs_of(result: Result, asked: Key, listed: Sequence[Key], progress: Progress | None) -> dict[str, pd.DataFrame]:
    """Legs of a pair of zones that the result does not list, and their emissions: its scenario is solved again.

    Raises
    ------
    InputError
        Not both zones were named, or nothing goes from the one to the other.
    ResultError
        The study has changed, or cannot be opened.
    """
    od = result.tables["od"] if "od" in result.tables else pd.DataFrame(columns=["tonnes_per_year", *_KEY])
    sent = od.loc[od["tonnes_per_year"] > 0, list(_KEY)].drop_duplicates().itertuples(index=False, name=None)
    pairs = [key for key in sent if _fits(key, asked)] if asked[0] and asked[1] else []
    if not pairs:
        names = [f"{a} to {b}: {c}" for a, b, c in listed]
        allowed = "; ".join(names[:_LISTED]) + (" …" if len(names) > _LISTED else "")
        wanted = ", ".join(part for part in asked if part) or "any"
        other = "any two zones between which freight goes, with both named"
        raise InputError(
            Problem(
                "leg", "the result lists no such shipment", value=wanted, allowed=f"{allowed or 'none'}; or {other}"
            )
        )
    scenario = scenario_of(result)
    solved = solve(scenario, start=result, progress=progress)
    assert solved.flow_summary is not None  # noqa: S101  it has just been solved
    account = account_of(solved.flow_summary, scenario)
    return {"leg": leg_table(solved.flow_summary, pairs), "emission_leg": leg_emissions(account, pairs)}


def _footprints(source: ShipmentTables, keys: set[Key], issuer: Issuer, of_all: Tables) -> Iterator[Document]:
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
    for category in country_categories(of_all, issuer.scope) if len(of_all) == len(_MEANS) else ():
        yield transport_footprint(category, issuer)


def _activities(source: ShipmentTables, keys: set[Key], issuer: Issuer) -> Iterator[Document]:
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
