"""Print what the trade accounts of the bundled study hold, as docs/study/trade-accounts.md quotes it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import landlink as ll
from landlink.core.arrays import Floats
from landlink.tables.frames import texts
from landlink.trade.multisector import sector_counterfactual
from landlink.trade.study_world import StudyWorld, study_world
from tools.china_kyrgyzstan.trade_matrix import CENTRAL_ASIA
from tools.markdown import grid

_STUDY = "china-kyrgyzstan"
#: Partners listed, and pairs whose total was raised.
_PARTNERS = 8


def lines(study: ll.Study) -> Iterator[str]:
    """Lines of the report."""
    made = study_world(study.tables)
    found = sector_counterfactual(made.world, deficits="fixed")
    yield f"trade: {len(study.tables['trade']):,} rows, {len(made.accounts.regions)} countries and groups, {_busd(abroad(made).sum())} bn USD a year between them"
    yield ""
    residuals = max(made.residuals().values())
    yield (
        f"The accounts close to {_below(residuals, 1e-12)} of a country's output or spending. Solved without a change, wages"
        f" differ from the data by {_below(found.baseline_gap, 1e-8)}."
    )
    yield ""
    yield from grid(*_countries(made), right=range(1, 8))
    yield ""
    for country in ("KGZ", "KAZ"):
        yield from grid(*_partners(made, country), right=(1, 2, 3))
        yield ""
    yield from grid(*_commodities(made), right=range(1, 7))
    yield ""
    yield from _fitted(study)
    yield ""
    yield _averaged(made)


def abroad(made: StudyWorld) -> Floats:
    """Trade between different countries; shape (exporters, importers, sectors)."""
    others = ~np.eye(len(made.accounts.regions), dtype=bool)
    return made.accounts.trade * others[:, :, None]


def _countries(made: StudyWorld) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    accounts, trade, carried = made.accounts, abroad(made), abroad(made) * made.network_share
    rows = []
    for i, country in enumerate(accounts.regions):
        cells = (
            accounts.gdp[i],
            accounts.gross_output[i],
            trade[i].sum(),
            trade[:, i].sum(),
            trade[i].sum() - trade[:, i].sum(),
        )
        shares = (_share(carried[i, :, :-1], trade[i, :, :-1]), _share(carried[:, i, :-1], trade[:, i, :-1]))
        rows.append((country, *(_busd(cell) for cell in cells), *shares))
    head = (
        "bn USD, 2023",
        "GDP",
        "gross output",
        "exports",
        "imports",
        "balance",
        "of goods exported, on the network",
        "of goods imported",
    )
    return head, rows


def _partners(made: StudyWorld, country: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    trade, i = abroad(made).sum(axis=2), made.accounts.regions.index(country)
    ranked = sorted(range(len(trade)), key=lambda j: -(trade[i, j] + trade[j, i]))[:_PARTNERS]
    cells = [(trade[i, j], trade[j, i], trade[i, j] - trade[j, i]) for j in ranked]
    rows = [(made.accounts.regions[j], *(_busd(cell) for cell in row)) for j, row in zip(ranked, cells, strict=True)]
    return (f"{country} with, bn USD", "exports", "imports", "balance"), rows


def _commodities(made: StudyWorld) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    trade, regions = abroad(made), made.accounts.regions
    central = [regions.index(country) for country in CENTRAL_ASIA]
    k = regions.index("KGZ")
    rows = []
    for s, sector in enumerate(made.accounts.sectors):
        of_region = trade[central, :, s].sum() + trade[:, central, s].sum() - trade[np.ix_(central, central, [s])].sum()
        home = made.accounts.domestic[k, s]
        values = (_busd(of_region), _busd(trade[k, :, s].sum()), _busd(trade[:, k, s].sum()))
        sigma = f"{made.elasticities.sigma[s]:.2f}", f"{made.elasticities.sigma_error[s]:.2f}"
        rows.append((sector, *values, f"{home / (home + trade[:, k, s].sum()):.0%}", *sigma))
    head = (
        "sector",
        "trade of Central Asia, bn USD",
        "KGZ exports",
        "KGZ imports",
        "KGZ use made at home",
        "sigma",
        "error",
    )
    return head, rows


def _fitted(study: ll.Study) -> Iterator[str]:
    """How often freight decided a value, and how much."""
    trade = study.tables["trade"]
    note, value = trade["note"], trade["value_usd_per_year"]
    raised, above = note.str.contains("its value is taken"), note.str.contains("so is the pair's total")
    pairs = len(set(zip(texts(trade[above], "exporter"), texts(trade[above], "importer"), strict=True)))
    yield (
        f"Values raised to those of freight: {int(raised.sum())} of {len(trade):,}, {_busd(float(value[raised].sum()))} bn USD;"
        f" in {pairs} pairs the total too."
    )


def _averaged(made: StudyWorld) -> str:
    """How far freight is above trade since rows of several countries have one value."""
    others = ~np.eye(len(made.accounts.regions), dtype=bool)
    freight, trade = made.freight[others], made.accounts.trade[others]
    above = np.maximum(freight - trade, 0).sum()
    return f"Freight is worth {_busd(freight.sum())} bn USD a year at its origins, {_busd(above)} of it above the trade that it belongs to."


def _below(value: float, limit: float) -> str:
    """A difference; what is only rounding differs between machines and is not told."""
    return f"less than {limit:.0e}" if value < limit else f"{value:.0e}"


def _busd(usd: float) -> str:
    return f"{usd / 1e9:,.1f}" if abs(usd) >= 1e8 else f"{usd / 1e9:.2f}"


def _share(part: Floats, whole: Floats) -> str:
    return f"{part.sum() / whole.sum():.0%}" if whole.sum() > 0 else ""


def main() -> None:
    """Print the report."""
    print("\n".join(lines(ll.open_study(_STUDY))))


if __name__ == "__main__":
    if len(sys.argv) != 1:
        raise SystemExit(f"usage: python -m tools.china_kyrgyzstan.{Path(__file__).stem}")
    main()
