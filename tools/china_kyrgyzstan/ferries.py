"""What a tonne pays on a ferry of the Caspian, in a wagon and on a truck.

Wagons pay by the metre, and a metre of wagon holds more than three times what a metre of truck does: a tonne in a wagon
pays a third of what it pays on a truck. The line has the price of wagons; rolling a truck on and off makes the difference.
"""

from __future__ import annotations

#: One sailing: what it carries partly full, and its price by the kilometre on a line without a tariff of its own.
SAILING_T = 1500.0
SAILING_USD_PER_KM = 150.0
#: Wagons and trucks that go back empty, of those that came laden.
EMPTY_RETURN = 0.4

SOURCES = (
    "Azerbaijan Caspian Shipping (ASCO): tariffs for wagons from Alat, asco.az",
    "ayauk.gov.tm 2023 (ASCO by Turkmenportal): fares of trucks from Baku to Turkmenbashi",
)
#: USD a metre of wagon from Alat, laden and empty, by the other port. Aktau is not in the list: since Kuryk opened in
#: 2016 and 2017 ferries with wagons and trucks go there, and Aktau loads containers and general cargo by crane.
WAGON_USD_PER_M = {"TMBA": (43.0, 34.0), "KURY": (48.0, 39.0)}
_WAGON_M, _WAGON_T = 14.7, 60.0
#: A truck of 16.5 m from Baku to Turkmenbashi, one way, from March 2023; 1,600 USD there and back.
_TRUCK_USD, _TRUCK_T = 1000.0, 20.0

#: Ports of the Caspian at which wagons and trucks roll on, each at its own price; and the one that loads by crane.
PORTS = ("KURY", "TMBA", "ALYA")
CRANE_PORT = "AKTA"
CRANE_SOURCE = "kuryk.kz 6 Dec 2017; 365info.kz July 2025: Kuryk for ferries, Aktau for containers and general cargo"


def wagon_usd_per_t(port: str) -> float:
    """Price of a tonne in a wagon from Alat to a port, with its part of the empty wagons."""
    laden, empty = WAGON_USD_PER_M[port]
    return (laden + EMPTY_RETURN * empty) * _WAGON_M / _WAGON_T


def truck_extra_usd_per_t() -> float:
    """What a tonne on a truck pays above that in a wagon, at each of the two ports."""
    return round((_TRUCK_USD / _TRUCK_T - wagon_usd_per_t("TMBA")) / 2, 1)


def cost_factor(ends: tuple[str, str], km: float) -> float:
    """Price of a ferry line by the kilometre over that of a line without a tariff."""
    tariff = [port for port in ends if port in WAGON_USD_PER_M]
    if tariff:
        return wagon_usd_per_t(tariff[0]) / (km * SAILING_USD_PER_KM / SAILING_T)
    # The Black Sea line is as long as those of the Caspian together.
    return 1.0 if CRANE_PORT in ends else 0.35
