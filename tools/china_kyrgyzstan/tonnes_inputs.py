"""Published tonnes that replace what value densities give: the bulk flows.

Each row names the row of ``tonnes.csv`` it takes (scope, direction, commodity, period) and by how much it is
multiplied to make a year, or a part of the flow. A row taken as published is ``published``; one multiplied up to a
year is ``measured`` (derived); one carried from another year or split by a guess is ``estimated``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Input:
    """One flow between countries, tonnes a year, and where it was read."""

    exporter: str
    importer: str
    commodity: str
    tonnes: float
    title: str
    quality: str
    note: str


#: (exporter, importer, commodity, key in tonnes.csv, factor, quality, remark)
_CHOSEN: tuple[tuple[str, str, str, tuple[str, str, str, str], float, str, str], ...] = (
    ("KAZ", "RUS", "coal", ("KAZ-RUS", "KAZ to RUS", "coal", "2023"), 1.0, "published", "by rail"),
    ("KAZ", "UZB", "grain", ("KAZ-UZB", "KAZ to UZB", "grain", "2023"), 1.0, "published", "by rail"),
    ("KAZ", "UZB", "coal", ("KAZ-UZB", "KAZ to UZB", "coal", "2023"), 1.0, "published", "by rail"),
    ("KGZ", "UZB", "coal", ("KGZ-UZB", "KGZ to UZB", "coal", "2023"), 1.0, "published", "Kyrgyz figure"),
    ("KAZ", "CHN", "grain", ("KAZ-CHN", "KAZ to CHN", "grain, all", "2023"), 1.0, "published", ""),
    ("KGZ", "UZB", "building_materials", ("KGZ-UZB", "KGZ to UZB", "cement", "2023M1-10"), 12 / 10, "measured", "cement of 10 months times 12/10"),
    ("KAZ", "KGZ", "coal", ("KGZ", "import", "coal", "2023M1-10"), 12 / 10, "measured", "10 months times 12/10; nearly all from Kazakhstan"),
    ("RUS", "KGZ", "grain", ("KGZ", "import", "wheat", "2023M1-7"), 12 / 7 * 0.972, "measured", "7 months times 12/7, 97 % from Russia"),
    ("RUS", "TJK", "petroleum", ("TJK", "import", "petroleum products", "2023"), 0.633, "published", "63.3 % of imports (trade_structure.csv)"),
    ("KAZ", "TJK", "petroleum", ("TJK", "import", "petroleum products", "2023"), 0.259, "published", "25.9 % of imports"),
    ("UZB", "TJK", "petroleum", ("TJK", "import", "petroleum products", "2023"), 0.074, "published", "7.4 % of imports"),
    ("TKM", "TJK", "petroleum", ("TJK", "import", "petroleum products", "2023"), 0.020, "published", "2 % of imports"),
    ("RUS", "KGZ", "petroleum", ("KGZ", "import", "petrol and diesel demand", "2019"), 0.75, "estimated", "demand of 2019; 70 to 80 % from Russia"),
    # Cement of 2022 (seven months), carried to 2023 by the fall of the Kyrgyz flow: (0.42226 / 10) / (0.385 / 7).
    ("KAZ", "UZB", "building_materials", ("KAZ-UZB", "KAZ to UZB", "cement", "2022M1-7"), 12 / 7 * 0.768, "estimated", "cement of 2022, falling like that from Kyrgyzstan"),
    ("TJK", "UZB", "building_materials", ("TJK-UZB", "TJK to UZB", "cement", "2022M1-7"), 12 / 7 * 0.768, "estimated", "cement of 2022, falling like that from Kyrgyzstan"),
    ("IRN", "UZB", "building_materials", ("IRN-UZB", "IRN to UZB", "cement", "2021M1-11"), 12 / 11, "estimated", "cement of 2021"),
    ("TKM", "UZB", "building_materials", ("TKM-UZB", "TKM to UZB", "cement", "2021M1-11"), 12 / 11, "estimated", "cement of 2021"),
)  # fmt: skip

#: Kazakh grain by customer in the first half of 2023, which counts flour as the 1.33 t of wheat it is milled from, and
#: wheat alone in the first five months. What moves is the flour itself. Spring was the season's peak: the wheat sold to
#: Uzbekistan in five months was 1.7 Mt and in the whole year 3.0, so a year is 1.47 times its first half and not twice.
_GRAIN_CUSTOMERS = ("TJK", "TKM", "AFG")
_GRAIN_EQUIVALENT = "wheat and flour, grain eq."
_WHEAT = "wheat and meslin"
_FLOUR_YIELD = 0.75
_UZBEK_WHEAT = (("KAZ-UZB", "KAZ to UZB", "wheat", "2023"), ("KAZ-UZB", "KAZ to UZB", _WHEAT, "2023M1-5"))


def _grain_keys(customer: str) -> tuple[tuple[str, str, str, str], tuple[str, str, str, str]]:
    pair, way = f"KAZ-{customer}", f"KAZ to {customer}"
    return (pair, way, _GRAIN_EQUIVALENT, "2023H1"), (pair, way, _WHEAT, "2023M1-5")


#: Keys of the rows taken.
CHOSEN_ROWS: tuple[tuple[str, str, str, str], ...] = (
    *(row[3] for row in _CHOSEN),
    *(key for customer in _GRAIN_CUSTOMERS for key in _grain_keys(customer)),
    *_UZBEK_WHEAT,
)
#: Fruit and vegetables of Uzbekistan 2023: 1.7 Mt and 1,200 million USD (trade_structure.csv), the partner's share of
#: value, and USD/t of the flow early in 2024 (value_density.csv); other partners at the mean of 706 USD/t. The five
#: come to 2.0 Mt: all are scaled to the published total.
UZB_FRUIT = {"RUS": (0.37, 708.0), "PAK": (0.167, 697.0), "CHN": (0.123, 767.0), "KAZ": (0.103, 245.0)}
UZB_FRUIT_OTHERS = (0.237, 706.0)
UZB_FRUIT_T = 1.7e6

#: Totals by pair of countries: all commodities that are not already inputs are scaled to reach them.
_TOTALS: tuple[tuple[str, str, tuple[str, str, str, str]], ...] = (
    ("TJK", "RUS", ("TJK-RUS", "TJK to RUS", "all", "2023")),
    ("RUS", "TJK", ("TJK-RUS", "both", "all", "2023")),
)


def _tonnes(facts: Path) -> dict[tuple[str, str, str, str], tuple[float, str]]:
    rows: dict[tuple[str, str, str, str], tuple[float, str]] = {}
    with (facts / "tonnes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["unit"].startswith("Mt"):
                key = (row["scope"], row["direction"], row["commodity"], row["period"])
                rows.setdefault(key, (float(row["value"]) * 1e6, row["source"]))
    return rows


def read_inputs(facts: Path) -> list[Input]:
    """Flows whose tonnes are known."""
    rows = _tonnes(facts)
    inputs = []
    for exporter, importer, commodity, key, factor, quality, note in _CHOSEN:
        tonnes, title = rows[key]
        inputs.append(Input(exporter, importer, commodity, tonnes * factor, title, quality, note))
    inputs += [_kazakh_grain(rows, customer) for customer in _GRAIN_CUSTOMERS]
    scale = UZB_FRUIT_T / sum(share / usd for share, usd in (*UZB_FRUIT.values(), UZB_FRUIT_OTHERS))
    for importer, (share, usd) in UZB_FRUIT.items():
        note = f"{100 * share:g} % of 1.2 bn USD at {usd:g} USD/t, scaled to 1.7 Mt to all partners"
        tonnes = share / usd * scale
        inputs.append(Input("UZB", importer, "fruit_vegetables", tonnes, "Trend 21 Apr 2024", "measured", note))
    inputs += _coal_overseas(facts, inputs)
    return inputs


def _kazakh_grain(rows: dict[tuple[str, str, str, str], tuple[float, str]], customer: str) -> Input:
    """Wheat and flour as they move in a year: flour by its own weight, the half-year by the season of Uzbekistan's wheat."""
    half, five_months = (rows[key] for key in _grain_keys(customer))
    wheat = five_months[0] * 6 / 5
    moved = wheat + _FLOUR_YIELD * max(0.0, half[0] - wheat)
    year = rows[_UZBEK_WHEAT[0]][0] / (rows[_UZBEK_WHEAT[1]][0] * 6 / 5)
    note = f"first half of 2023, flour by its own weight ({moved / 1e6:.3g} Mt), times {year:.2f}, as the wheat sold to Uzbekistan"
    return Input("KAZ", customer, "grain", moved * year, half[1], "estimated", note)


#: Russian ports that ship Kazakh coal, by the zone they lie in: Ust-Luga and Vysotsk, and Taman. Estimates.
_COAL_PORTS = {"G-SPB": 0.7, "G-ROST": 0.3}


def _coal_overseas(facts: Path, inputs: list[Input]) -> list[Input]:
    """Kazakh coal for Europe and other seas: the total of 2023 less what is known, through Russian ports."""
    total, title = _tonnes(facts)["KAZ", "export", "coal", "2023"]
    known = sum(row.tonnes for row in inputs if row.exporter == "KAZ" and row.commodity == "coal")
    note = "all coal exports of 2023 less those to RUS, UZB and KGZ; by Russian ports"
    return [
        Input("KAZ", port, "coal", share * (total - known), title, "estimated", note)
        for port, share in _COAL_PORTS.items()
    ]


def read_totals(facts: Path) -> dict[tuple[str, str], tuple[float, str]]:
    """Pairs of countries whose tonnes of all goods are published, with the source."""
    rows = _tonnes(facts)
    totals = {}
    for exporter, importer, key in _TOTALS:
        tonnes, title = rows[key]
        if key[1] == "both":
            tonnes -= rows["TJK-RUS", "TJK to RUS", "all", "2023"][0]
        totals[exporter, importer] = (tonnes, title)
    return totals
