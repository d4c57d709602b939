r"""The world of a study: its trade accounts in the form of Caliendo and Parro (2015).

Sectors are the study's commodities and ``other``. The share of value added in every sector of a country is its GDP
over its gross output; inputs are bought in proportion to national expenditure, and so is final consumption. With
exports, imports and domestic sales in the accounts, expenditure of a country on sector :math:`s`,

.. math:: X_{ns} = e_{ns} \left( I_n + (1 - \mathrm{GDP}_n / Y_n) Y_n \right), \qquad e_{ns} = X_{ns} / \sum_s X_{ns},

is that of the data, as income :math:`I_n` is GDP, tariff revenue and the trade deficit. The accounts close and the
world reproduces itself under no change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landlink.core.arrays import Floats
from landlink.study.freight_channels import freight_channels
from landlink.tables.frames import Tables
from landlink.trade.accounts import TradeAccounts, trade_accounts
from landlink.trade.elasticities import Elasticities, elasticities
from landlink.trade.multisector_world import World

__all__ = ["StudyWorld", "study_world"]


@dataclass(frozen=True, eq=False)
class StudyWorld:
    """Trade accounts of a study and the world of many sectors made of them.

    Attributes
    ----------
    accounts
        Values of trade and output.
    elasticities
        Elasticities of substitution with their standard errors.
    world
        Shares, elasticities and incomes for :func:`landlink.trade.sector_counterfactual`, in USD a year.
    freight
        Value that the study's freight carries of each flow, at its value densities; USD a year, shape (exporters,
        importers, sectors).
    """

    accounts: TradeAccounts
    elasticities: Elasticities
    world: World
    freight: Floats

    @property
    def network_share(self) -> Floats:
        """Part of each flow that the study's freight carries, 1 at most; shape (exporters, importers, sectors)."""
        share = np.zeros_like(self.freight)
        np.divide(self.freight, self.accounts.trade, out=share, where=self.accounts.trade > 0)
        return np.minimum(share, 1.0)

    def residuals(self) -> dict[str, float]:
        """Largest imbalances of the accounts, as shares: output against sales, expenditure against income, deficits."""
        made, world = self.accounts, self.world
        sales = made.trade.sum(axis=(1, 2))
        spent = (made.trade * (1 + made.tariff)).sum(axis=0)
        revenue = (made.trade * made.tariff).sum(axis=(0, 2))
        by_sector = made.trade.sum(axis=1)
        inputs = np.einsum("nst,nt->ns", world.input_share, by_sector)
        income = world.value_added + world.deficit + revenue
        wanted = world.consumption_share * income[:, None] + inputs
        return {
            "output": float((np.abs(sales - made.gross_output) / made.gross_output).max()),
            "value_added": float(
                (np.abs((world.value_added_share * by_sector).sum(axis=1) - made.gdp) / made.gdp).max()
            ),
            "expenditure": float((np.abs(wanted - spent).max(axis=1) / spent.sum(axis=1)).max()),
            "deficits": float(abs(world.deficit.sum()) / world.value_added.sum()),
        }


def study_world(tables: Tables) -> StudyWorld:
    """Build the world of a study that knows trade.

    Parameters
    ----------
    tables
        Tables of a study in its base year: ``trade``, ``trade_country``, ``elasticity``, ``commodity``, ``demand``.

    Raises
    ------
    InputError
        The tables of trade are missing, or contradict each other.

    References
    ----------
    L. Caliendo, F. Parro (2015), Estimates of the trade and welfare effects of NAFTA, Review of Economic Studies 82(1).
    """
    accounts, sigma = trade_accounts(tables), elasticities(tables)
    return StudyWorld(accounts, sigma, _world(accounts, sigma), _freight_values(tables, accounts))


def _world(accounts: TradeAccounts, sigma: Elasticities) -> World:
    paid = accounts.trade * (1 + accounts.tariff)
    spent = paid.sum(axis=0)
    n, sectors = spent.shape
    # Nobody buys a good that is not sold anywhere; its shares are those of a good made at home.
    share = np.divide(
        paid.transpose(1, 0, 2),
        spent[:, None, :],
        out=np.repeat(np.eye(n)[:, :, None], sectors, axis=2),
        where=spent[:, None, :] > 0,
    )
    basket = spent / spent.sum(axis=1, keepdims=True)
    added = np.minimum(accounts.gdp / accounts.gross_output, 1.0)
    inputs = np.repeat(((1 - added)[:, None] * basket)[:, :, None], sectors, axis=2)
    return World(
        regions=accounts.regions,
        sectors=accounts.sectors,
        expenditure_share=share,
        tariff=accounts.tariff.transpose(1, 0, 2),
        value_added_share=np.repeat(added[:, None], sectors, axis=1),
        input_share=inputs,
        consumption_share=basket,
        theta=sigma.sigma - 1,
        value_added=accounts.gdp,
        deficit=(accounts.imports - accounts.exports).sum(axis=1),
    )


def _freight_values(tables: Tables, accounts: TradeAccounts) -> Floats:
    """Value of the freight that is delivered, by channel."""
    channels = freight_channels(tables)
    channels = channels[channels["delivers"]]
    region = {name: i for i, name in enumerate(accounts.regions)}
    sector = {name: s for s, name in enumerate(accounts.sectors)}
    value = np.zeros_like(accounts.trade)
    place = (
        channels["exporter"].map(region).to_numpy(dtype=np.int64),
        channels["importer"].map(region).to_numpy(dtype=np.int64),
        channels["commodity_id"].map(sector).to_numpy(dtype=np.int64),
    )
    np.add.at(value, place, channels["tonnes_per_year"] * channels["value_usd_per_t"])
    return value
