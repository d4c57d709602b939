"""Write the table of green measures of the bundled study: what each abates and what a tonne costs.

Run ``python -m tools.green_measures [-o FILE]``. It builds the abatement cost curves of 2030 (what can be had soon) and of
2040 (the railways and the dam), on top of what those years hold, and the scenario of 2030 at several carbon prices.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any, Final

import landlink as ll
from landlink.appraisal.abatement_curve import AbatementCurve
from landlink.core.atomic_files import write_text
from landlink.core.progress import TerminalProgress
from landlink.tables.frames import records
from tools.markdown import grid

STUDY: Final = "china-kyrgyzstan"
#: Measures of each curve: scenario, year, measures.
CURVES: Final = (
    (
        "base-2030",
        2030,
        (
            "freight-exchange", "block-trains", "motorway-truck-speed", "kashgar-bishkek-battery-trucks",
            "kashgar-osh-lng-trucks", "border-post-solar", "toru-aigyr-solar", "kok-moinok-wind",
        ),
    ),
    (
        "cku-2030",
        2040,
        (
            "cku-electrification", "lugovaya-bishkek-electrification", "bishkek-balykchy-electrification",
            "kambar-ata-1", "ysyk-kol-1-solar",
        ),
    ),
)  # fmt: skip
PRICES: Final = (0, 25, 50, 100, 200)
_HEADS: Final = (
    "measure",
    "kt a year",
    "of it freight",
    "million USD a year",
    "USD/t",
    "alone, kt",
    "alone, USD/t",
    "shippers",
)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tools.green_measures", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, help="file to write; by default the standard output")
    args = parser.parse_args()
    study = ll.open_study(STUDY)
    parts = []
    with TerminalProgress() as progress:
        for scenario, year, measures in CURVES:
            curve = ll.abatement_curve(study.scenario(scenario), measures, year=year, progress=progress)
            parts.append(curve_text(scenario, curve))
        parts.append(price_text(study, progress))
    text = "\n".join(parts)
    if args.output:
        write_text(args.output, text)
    else:
        print(text)


def curve_text(scenario: str, curve: AbatementCurve) -> str:
    """A curve as a table of Markdown."""
    rows = [_cells(f"`{row['measure_id']}`", row) for row in records(curve.steps)]
    rows.append(_cells("all together", curve.total))
    head = f"{curve.year} on top of `{scenario}`: {curve.base_t / 1e6:.0f} Mt CO2e a year without the measures."
    lines = "\n".join(grid(_HEADS, rows, range(1, len(_HEADS))))
    return f"{head}\n\n{lines}\n"


def _cells(name: str, row: dict[str, Any]) -> list[str]:
    alone = row["measure_id"] != ""
    return [
        name,
        rough(row["abated_t_per_year"] / 1e3),
        rough(row["abated_freight_t_per_year"] / 1e3),
        rough(row["net_usd_per_year"] / 1e6),
        rough(row["usd_per_t"]),
        rough(row["alone_abated_t_per_year"] / 1e3) if alone else "",
        rough(row["alone_usd_per_t"]) if alone else "",
        rough(row["users_gain_usd_per_year"] / 1e6),
    ]


def rough(value: float) -> str:
    """A figure to two digits."""
    if not math.isfinite(value):
        return "–"
    if abs(value) < 0.005:
        return "0"
    places = 1 - math.floor(math.log10(abs(value)))
    return f"{round(value, places):,.{max(0, places)}f}".replace("-", "−")


def price_text(study: ll.Study, progress: TerminalProgress) -> str:
    """What carbon prices do in 2030, as a table of Markdown."""
    scenario, first, rows = study.scenario("base-2030"), None, []
    for price in PRICES:
        result = ll.solve(scenario, carbon_price=price, start=first, progress=progress)
        first = first or result
        value = result.indicators.set_index("indicator")["value"]
        modes = result.tables["mode"].set_index("mode")["tkm_per_year"]
        rail = modes[[mode for mode in modes.index if str(mode).startswith("rail")]].sum()
        rows.append(
            [
                f"{price:,}", f"{value['emissions.co2e_t_per_year'] / 1e6:.2f}", f"{modes['road'] / 1e9:.1f}",
                f"{rail / 1e9:.1f}", rough(result.tables["carbon_payment"]["usd_per_year"].sum() / 1e6),
            ]
        )  # fmt: skip
    heads = ("USD/t", "Mt CO2e a year", "road, bn tkm", "rail, bn tkm", "paid, million USD a year")
    lines = "\n".join(grid(heads, rows, range(len(heads))))
    return f"Carbon prices in `base-2030`, the same in every country.\n\n{lines}\n"


if __name__ == "__main__":
    main()
