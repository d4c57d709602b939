"""A result made by hand, with one shipment on two chains whose emissions anyone can work out.

::

    Kashgar (CHN) ── road 100 km ── Gate (border) ── road 120 km + 80 km over Pass ── Naryn (KGZ)
                                      ├───────────── road 150 km, the shorter way ────────┤
                                      └──────── 100 km through a third country ───────────┘
    Kashgar (CHN) ── rail_1435 200 km ── Gate: rail_1435 to rail_1520 ── rail_1520 180 km ── Naryn

By road, 1,000 t a year (per tonne):

* under way to the Gate, 100 km: 90 MJ of diesel, 6.6 kg TTW and 1.5 kg WTT, of which a third is the empty return;
* at the Gate: 2 MJ, 0.15 and 0.03 kg;
* from the Gate, 200 km over the Pass though 150 km are feasible: 300 MJ, 22 and 5 kg.

By rail, 500 t a year:

* to the Gate, 200 km: 20 MJ of electricity, 0 kg TTW and 3 kg WTT;
* at the Gate, change of gauge: 4 MJ of diesel, 0.3 and 0.06 kg;
* from the Gate, 180 km: 9 MJ of electricity, 0 and 0.9 kg, and 27 MJ of diesel, 2 and 0.5 kg.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from landlink.results.provenance import Certification, Presentation, Provenance, Run
from landlink.results.result import Result

_KEY = ("origin_zone_id", "destination_zone_id", "commodity_id", "alternative")
_LEG = (
    *_KEY, "tonnes_per_year", "leg", "kind", "mode", "name", "from_name", "to_name", "country", "distance_km", "run_h",
    "stop_h", "terminal_h", "crossing_h", "access_h", "link_ids",
)  # fmt: skip
_EMISSION = (
    *_KEY, "leg", "element", "carrier", "operation", "mode", "country", "distance_km", "gcd_km", "energy_mj_per_t",
    "ttw_kg_per_t", "wtt_kg_per_t", "co2e_kg_per_t",
)  # fmt: skip
_GCD = float("nan")

ROAD, RAIL = ("XJ", "NA", "grain", "road"), ("XJ", "NA", "grain", "rail")

LEGS = [
    (*ROAD, 1000.0, 0, "run", "road", "R1", "Kashgar", "Gate", "CHN", 100.0, 2.0, 0.0, 0.0, 0.0, 0.0, "R1"),
    (*ROAD, 1000.0, 1, "crossing", "road", "Gate", "Gate", "Gate", "", 0.0, 0.0, 0.0, 0.0, 6.0, 0.0, ""),
    (*ROAD, 1000.0, 2, "run", "road", "R2", "Gate", "Naryn", "KGZ", 200.0, 4.0, 1.0, 0.0, 0.0, 0.0, "R2;R3"),
    (*RAIL, 500.0, 0, "run", "rail_1435", "T1", "Kashgar", "Gate", "CHN", 200.0, 5.0, 0.0, 0.0, 0.0, 0.0, "T1"),
    (*RAIL, 500.0, 1, "terminal", "rail_1520", "Gate", "Gate", "Gate", "", 0.0, 0.0, 0.0, 8.0, 0.0, 0.0, ""),
    (*RAIL, 500.0, 2, "run", "rail_1520", "T2", "Gate", "Naryn", "KGZ", 180.0, 4.0, 0.0, 0.0, 0.0, 0.0, "T2"),
]
EMISSIONS = [
    (*ROAD, 0, "running", "diesel", "transport", "road", "CHN", 100.0, 80.0, 60.0, 4.4, 1.0, 5.4),
    (*ROAD, 0, "empty", "diesel", "transport", "road", "CHN", 100.0, 80.0, 30.0, 2.2, 0.5, 2.7),
    (*ROAD, 1, "waiting", "diesel", "hub", "road", "CHN;KGZ", 0.0, _GCD, 2.0, 0.15, 0.03, 0.18),
    (*ROAD, 2, "running", "diesel", "transport", "road", "KGZ", 200.0, 90.0, 300.0, 22.0, 5.0, 27.0),
    (*RAIL, 0, "running", "electricity", "transport", "rail_1435", "CHN", 200.0, 80.0, 20.0, 0.0, 3.0, 3.0),
    (*RAIL, 1, "handling", "diesel", "hub", "rail_1520", "KGZ", 0.0, _GCD, 4.0, 0.3, 0.06, 0.36),
    (*RAIL, 2, "running", "electricity", "transport", "rail_1520", "KGZ", 180.0, 90.0, 9.0, 0.0, 0.9, 0.9),
    (*RAIL, 2, "running", "diesel", "transport", "rail_1520", "KGZ", 180.0, 90.0, 27.0, 2.0, 0.5, 2.5),
]
_LINKS = [
    ("R1", "K", "G", "road", "CHN", 100.0), ("R2", "G", "P", "road", "KGZ", 120.0),
    ("R3", "N", "P", "road", "KGZ", 80.0), ("R4", "G", "N", "road", "KGZ", 150.0),
    ("R5", "G", "N", "road", "KAZ", 100.0),
    ("T1", "K", "G", "rail_1435", "CHN", 200.0), ("T2", "G", "N", "rail_1520", "KGZ", 180.0),
]  # fmt: skip


def tables_by_hand(
    legs: Sequence[tuple[Any, ...]] = LEGS, emissions: Sequence[tuple[Any, ...]] = EMISSIONS
) -> dict[str, pd.DataFrame]:
    """Tables of the result."""
    both = [row for link, a, b, *rest in _LINKS for row in ((link, "ab", a, b, *rest), (link, "ba", b, a, *rest))]
    return {
        "leg": pd.DataFrame(legs, columns=list(_LEG)),
        "emission_leg": pd.DataFrame(emissions, columns=list(_EMISSION)),
        "link": pd.DataFrame(
            both, columns=["link_id", "direction", "from_node_id", "to_node_id", "mode", "country", "length_km"]
        ),
        "node": pd.DataFrame(
            [
                ("K", "Kashgar", "CHN", 75.99, 39.47), ("G", "Gate", "", 75.395, 40.553),
                ("P", "Pass", "KGZ", 75.8, 41.0), ("N", "Naryn", "KGZ", 75.99, 41.43),
            ],
            columns=["node_id", "name", "country", "x_coord", "y_coord"],
        ),
        "zone": pd.DataFrame(
            [("XJ", "Kashgar prefecture", "K", "CHN"), ("NA", "Naryn oblast", "N", "KGZ")],
            columns=["zone_id", "name", "node_id", "country"],
        ),
        "commodity": pd.DataFrame([("grain", "Grain")], columns=["commodity_id", "name"]),
        "vehicle": pd.DataFrame(
            [("road", "road", 0.5), ("rail_1435", "rail", 0.25), ("rail_1520", "rail", 0.25)],
            columns=["mode", "family", "empty_return"],
        ),
    }  # fmt: skip


def result_by_hand(tables: dict[str, pd.DataFrame] | None = None, **run: Any) -> Result:
    """The result, or one of other tables."""
    given: dict[str, Any] = {
        "study": "by-hand", "study_path": "", "study_hash": "ab" * 32, "year": 2030, "landlink": "0.1.0",
        "finished_at": "2026-11-30T10:00:00+00:00",
    }  # fmt: skip
    return Result(
        tables_by_hand() if tables is None else tables,
        Provenance(
            Run(**(given | run)),
            Certification(relative_gap=0.0, target_gap=1e-6, converged=True),
            Presentation(title="By hand", label="base"),
        ),
    )
