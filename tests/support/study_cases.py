"""Tables of the small study with one fault each, and the message that reports it."""

from __future__ import annotations

from tests.support.small_study import TABLES


def link(old: str, new: str) -> dict[str, str]:
    assert old in TABLES["link"]
    return {"link": TABLES["link"].replace(old, new)}


CASES = {
    "short link": (link("R1,N1,X,0,100", "R1,N1,X,0,60"), "link, row R1, column length: shorter than the great circle"),
    "length in metres": (
        link("R1,N1,X,0,100", "R1,N1,X,0,100000"),
        "far longer than the distance that it covers (found '100000 km'); allowed: at most 10 x 85.2 km",
    ),
    "speed in metres an hour": (
        link("100,60,road", "100,600,road"),
        "more than any road vehicle has (found '600 km/h')",
    ),
    "payload in kg": (
        {"vehicle": TABLES["vehicle"].replace("Truck,20,", "Truck,20000,")},
        "vehicle, row road, column payload_t: more than any road vehicle has (found '20000 t'); allowed: at most 500 t",
    ),
    "loop": (link("R1,N1,X", "R1,N1,N1"), "start and end node are the same"),
    "link beside the border": (link("60,road,BBB", "60,road,CCC"), "not in exactly one of its countries"),
    "zone beside the border": ({"zone": TABLES["zone"].replace("N2,BBB", "X,CCC")}, "but in neither of its countries"),
    "crossing to nowhere": (
        {"crossing": TABLES["crossing"].replace("AAA,BBB", "AAA,CCC")},
        "no link in CCC reaches it; it does not connect two countries",
    ),
    "crossing into itself": (
        {"crossing": TABLES["crossing"].replace("AAA,BBB", "AAA,AAA")},
        "both countries are the same",
    ),
    "link on both sides": (link("60,road,BBB", "60,road,AAA;BBB"), "not in exactly one of its countries"),
    "two crossings in one place": (
        {"crossing": TABLES["crossing"] + "GATE2,road,Gate,X,AAA,BBB,6,5,150,6,bpr,1,4\n"},
        "another crossing of the same family",
    ),
    "flat cone": ({"vehicle": TABLES["vehicle"].replace("3,bpr,0.15", "3,conical,0.15")}, "must be above 1"),
    "gateway shares": ({"gateway": "country,zone_id,share\nCCC,Z1,0.5\nCCC,Z2,0.4"}, "shares of CCC do not sum to 1"),
    "terminal of one mode": (
        {"terminal": "terminal_id,node_id,mode_a,mode_b,time_h,cost_usd_per_t\nT,N1,road,road,1,1"},
        "both modes are the same",
    ),
    "terminal beside the border": (
        {"terminal": "terminal_id,node_id,mode_a,mode_b,time_h,cost_usd_per_t,country\nT,X,road,rail,1,1,CCC"},
        "the terminal is at the crossing X, but in neither of its countries",
    ),
    "demand to itself": (
        {"demand": TABLES["demand"].replace("Z2,Z1", "Z1,Z1")},
        "origin and destination are the same zone",
    ),
    "effect on no row": ({"effect": TABLES["effect"].replace("B1,", "B9,")}, "unknown row of link"),
    "effect on no column": (
        {"effect": TABLES["effect"].replace("time_ab_h", "time_h")},
        "unknown or key column of crossing",
    ),
    "effect without a number": ({"effect": TABLES["effect"].replace("multiply,0.5", "multiply,half")}, "not a number"),
    "measure excluding nothing": (
        {"measure": TABLES["measure"].replace("easy-gate\n", "easy\n").rstrip() + "x"},
        "excludes",
    ),
}
