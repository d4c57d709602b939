"""Worlds of trade for tests: the reference cases of the shared folder, and worlds drawn at random."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from landlink.trade.multisector_solver import solve_sectors
from landlink.trade.multisector_world import World as SectorWorld
from tests.support.tntp import FOLDER

REFERENCE = FOLDER.parent / "trade"
REASON = "needs the shared folder beside the checkout"


@dataclass(frozen=True)
class World:
    """Base flows and ratios of trade costs, exporters in rows."""

    countries: list[str]
    flows: np.ndarray
    ratio: np.ndarray

    def rows(self, matrix: np.ndarray) -> list[tuple[str, str, float]]:
        """A matrix as a table of pairs."""
        return [
            (exporter, importer, float(matrix[i, j]))
            for i, exporter in enumerate(self.countries)
            for j, importer in enumerate(self.countries)
        ]


def square(table: pd.DataFrame, countries: list[str], column: str) -> np.ndarray:
    """A column of a table of pairs as a matrix."""
    wide = table.pivot(index="exporter", columns="importer", values=column)
    return wide.loc[countries, countries].to_numpy(dtype=float)


def border_removal(folder: Path = REFERENCE) -> tuple[World, pd.DataFrame]:
    """The world of 69 countries of 2006 whose borders are removed, sigma 7, and what Stata found.

    Fitted gravity flows are those that keep the totals of exporters and importers, so that balancing the fitted trade
    costs to the totals gives the flows that estimation with fixed effects gives.
    """
    table = pd.read_csv(folder / "agtpa_ge" / "input_trade_without_border_2006.csv.gz")
    coefficient = pd.read_csv(folder / "ppml" / "agtpa_2006_reference.csv", index_col=0)["coef"]
    countries = sorted(table["exporter"].unique())
    trade, border = square(table, countries, "trade"), square(table, countries, "INTL_BRDR")
    flows = np.exp(
        coefficient["ln_DIST"] * square(table, countries, "ln_DIST")
        + coefficient["CNTG"] * square(table, countries, "CNTG")
        + coefficient["INTL_BRDR"] * border
    )
    for _ in range(1000):
        flows *= (trade.sum(axis=1) / flows.sum(axis=1))[:, None]
        flows *= trade.sum(axis=0) / flows.sum(axis=0)
    expected = pd.read_csv(folder / "agtpa_ge" / "exact_hat_vs_stata.csv", index_col=0)
    # The data name Germany so that its effect is the one left out of the estimation.
    expected = expected.rename(index={"DEU": "ZZZ"}).loc[countries]
    return World(countries, flows, np.exp(-coefficient["INTL_BRDR"] * border / (1 - 7))), expected


def peer_case(name: str, folder: Path = REFERENCE / "gegravity") -> tuple[World, pd.DataFrame, pd.DataFrame]:
    """A case of the package gegravity, sigma 5: world, what it found by country, and by pair.

    What it calls trade costs are costs to the power 1 - sigma.
    """
    pairs = pd.read_csv(folder / f"{name}_bilateral.csv")
    costs = pd.read_csv(folder / f"{name}_costs.csv")
    found = pd.read_csv(folder / f"{name}_country_results.csv", index_col=0)
    countries = sorted(found.index)
    power = square(costs, countries, "experiment trade cost") / square(costs, countries, "baseline trade cost")
    flows = square(pairs, countries, "baseline modeled trade")
    return World(countries, flows, power ** (1 / (1 - 5))), found.loc[countries], pairs


def random_world(count: int, seed: int = 0) -> World:
    """A gravity world: sizes over two orders of magnitude, distances on a square, costs changed by up to 20 %."""
    random = np.random.default_rng(seed)
    size = np.exp(random.normal(0, 1.5, count))
    place = random.random((count, 2))
    distance = 0.05 + np.hypot(*(place[:, None] - place).transpose(2, 0, 1))
    flows = size[:, None] * size / distance * np.where(np.eye(count), 8.0, 1.0)
    flows *= random.uniform(0.8, 1.25, flows.shape)
    return World([f"C{i:03d}" for i in range(count)], flows, random.uniform(0.8, 1.2, flows.shape))


def nafta(folder: Path = REFERENCE / "caliendo_parro") -> tuple[SectorWorld, np.ndarray]:
    """The world of 31 regions and 40 sectors of 1993, and its tariffs with those of NAFTA in 2005."""
    data = np.load(folder / "cp2015_data.npz", allow_pickle=True)
    world = SectorWorld(
        regions=tuple(map(str, data["regions"])),
        sectors=tuple(map(str, data["sectors"])),
        expenditure_share=data["pi_nij"],
        tariff=data["tau_nij_bln"],
        value_added_share=data["gamma_nj"],
        input_share=data["gamma_nkj"],
        consumption_share=data["alpha_nj"],
        theta=data["theta_j"],
        value_added=data["wL_n"],
        deficit=data["D_n"],
    )
    return world, data["tau_nij_cfl"]


def random_sectors(regions: int, sectors: int, seed: int = 0, *, tariffs: bool = True) -> SectorWorld:
    """A world of many sectors, whose accounts need not close."""
    random = np.random.default_rng(seed)
    pull = np.exp(random.normal(0, 1, (regions, regions, sectors)))
    pull *= np.where(np.eye(regions), 8.0 * regions**0.5, 1.0)[:, :, None]
    inputs = random.dirichlet(np.ones(sectors), (regions, sectors)).transpose(0, 2, 1)
    own = random.uniform(0.3, 0.8, (regions, sectors))
    tariff = random.uniform(0, 0.2, pull.shape) * (1 - np.eye(regions))[:, :, None] * tariffs
    return SectorWorld(
        regions=tuple(f"R{i:03d}" for i in range(regions)),
        sectors=tuple(f"S{j:02d}" for j in range(sectors)),
        expenditure_share=pull / pull.sum(axis=1, keepdims=True),
        tariff=tariff,
        value_added_share=own,
        input_share=inputs * (1 - own)[:, None, :],
        consumption_share=random.dirichlet(np.ones(sectors), regions),
        theta=random.uniform(2, 10, sectors),
        value_added=np.exp(random.normal(0, 1, regions)),
        deficit=np.zeros(regions),
    )


def closed_sectors(regions: int, sectors: int, seed: int = 0, *, deficit: float = 0.05) -> SectorWorld:
    """A world of many sectors whose accounts close, with deficits: an equilibrium that was solved before."""
    world = random_sectors(regions, sectors, seed)
    drawn = np.random.default_rng(seed).uniform(-1, 1, regions)
    world = replace(world, deficit=deficit * world.value_added.min() * (drawn - drawn.mean()))
    data = solve_sectors(world, world.tariff, deficits="fixed")
    bought = data.imports * (1 + world.tariff.transpose(2, 0, 1))
    share = (bought / bought.sum(axis=2, keepdims=True)).transpose(1, 2, 0)
    return replace(world, expenditure_share=share, value_added=data.value_added)


def drawn_flows(count: int = 8, seed: int = 0) -> pd.DataFrame:
    """Flows of Poisson around gravity with the elasticity of distance -1 and the effect of borders -0.5."""
    random = np.random.default_rng(seed)
    names = [f"C{i}" for i in range(count)]
    size, place = np.exp(random.normal(4, 0.5, count)), random.random((count, 2))
    rows = []
    for i, exporter in enumerate(names):
        for j, importer in enumerate(names):
            distance = 0.2 + float(np.hypot(*(place[i] - place[j])))
            expected = size[i] * size[j] / distance * np.exp(-0.5 * (i != j)) / 50
            rows.append((exporter, importer, float(random.poisson(expected)), distance, float(i != j)))
    return pd.DataFrame(rows, columns=["exporter", "importer", "value", "distance", "border"])
