"""Faults of response units and their sites, by name: tables added to those of the small study, and what is told."""

from __future__ import annotations

from typing import Final

UNIT: Final = "unit_id,family,serves,causes\nclearing,road,link,landslide\ntrain,rail,link,\n"
SITE: Final = "site_id,unit_id,node_id,country,status,units,most_units\n"


def sites(*rows: str, units: str = UNIT) -> dict[str, str]:
    """Kinds of units, and sites of them."""
    return {"response_unit": units, "response_site": SITE + "\n".join(rows) + "\n"}


CASES: Final = {
    "units called to unknown places": (
        sites(units="unit_id,family,serves\nclearing,road,lnik\n"),
        (
            "response_unit, row clearing, column serves: unknown table of places (found 'lnik'); "
            "allowed: did you mean 'link'"
        ),
    ),
    "units called for unknown causes": (
        sites(units="unit_id,family,causes\nclearing,road,landslide;landslip\n"),
        "response_unit, row clearing, column causes: unknown cause (found 'landslip'); allowed: did you mean 'landsli",
    ),
    "site that no road reaches": (
        sites("lone,clearing,N3,AAA,candidate,1,")
        | {
            "node": "node_id,name,x_coord,y_coord,country\nN1,W,70,40,AAA\nX,G,71,40,\nN2,E,72,40,BBB\nN3,L,73,40,AAA\n"
        },
        "response_site, row lone, column node_id: no road link reaches the site (found 'N3')",
    ),
    "site in another country": (
        sites("west,clearing,N1,BBB,candidate,1,"),
        "row west, column country: the node N1 is not in this country (found 'BBB'); allowed: AAA",
    ),
    "site at a border without a country": (
        sites("gate,clearing,X,,candidate,1,"),
        "row gate, column country: the node lies in several countries; allowed: AAA or BBB",
    ),
    "two sites at one node": (
        sites("one,clearing,N1,AAA,candidate,1,", "two,clearing,N1,AAA,existing,1,"),
        "row two, column node_id: the same kind of units at the same node as the site one (found 'N1')",
    ),
    "more units than room": (
        sites("one,clearing,N1,AAA,existing,3,2"),
        "row one, column most_units: more units stand there than it can hold (found '2'); allowed: at least 3",
    ),
    "room of a candidate": (
        sites("one,clearing,N1,AAA,candidate,3,4"),
        "row one, column most_units: two statements of the most units (found '4')",
    ),
}
