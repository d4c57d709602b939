"""Countries and groups of countries that trade in the study: those of its zones, and blocks behind gateways."""

from __future__ import annotations

from tools.china_kyrgyzstan.gateways import GROUP_OF, OWN

#: Region of each block of countries behind the same gateways; XAA to XZZ are codes that the standard leaves to users.
REGION_OF_BLOCK = {
    "europe": "XEU", "baltic": "XEU", "belarus": "BLR", "armenia": "ARM", "mongolia": "MNG", "americas": "XAM",
    "pacific": "XPA", "south_asia": "XSA", "gulf": "XGU", "iraq": "IRQ", "levant": "XLE", "africa": "XAF",
}  # fmt: skip
REGIONS = (*OWN, *dict.fromkeys(REGION_OF_BLOCK.values()))

#: Countries at the end of flows that the demand has at a single gateway. Kazakh coal through Russian ports is sold in
#: Europe and beyond; all of it is put down to Europe.
REGION_OF_GATEWAY = {"G-EUR": "XEU", "G-SPB": "XEU", "G-ROST": "XEU"}
#: Wholesale markets, by country.
_MARKETS = {"KG-GB": "KGZ", "KG-GO": "KGZ"}


def region_of(place: str) -> str:
    """Region of a country, a block of countries, a gateway zone or a market."""
    if place in OWN:
        return place
    place = GROUP_OF.get(place, place)
    return {**REGION_OF_BLOCK, **REGION_OF_GATEWAY, **_MARKETS}[place]


def trade_ends(text: str, place: str) -> str:
    """Regions of the countries that a flow names, or else of the place where it ends."""
    if not text:
        return region_of(place)
    parts = (part.split("=") for part in text.split(";"))
    return ";".join("=".join((region_of(name), *share)) for name, *share in parts)
