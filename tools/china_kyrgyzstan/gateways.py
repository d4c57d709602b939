"""Countries without zones, and the gateway zones of their trade with the region.

The shares are estimates of the state of 2023: the road and railway through Russia still carries most trade with
Europe, ports of Iran the trade with the Gulf and India, ports of East China the trade with the Pacific, and the
Black Sea ports a part of what comes from the west.
"""

from __future__ import annotations

from typing import Any

from tools.china_kyrgyzstan.sources import Sources

#: The zone countries of the study; every other country needs a gateway.
OWN = ("KGZ", "UZB", "KAZ", "TJK", "TKM", "CHN", "RUS", "AZE", "GEO", "TUR", "IRN", "AFG", "PAK")

#: group -> (zone shares, member countries)
GROUPS: dict[str, tuple[dict[str, float], str]] = {
    "europe": (
        {"G-EUR": 0.75, "G-POTI": 0.15, "G-IST": 0.10},
        (
            "AUT BEL BGR HRV CYP CZE DNK FRA DEU GRC HUN IRL ITA LUX MLT NLD POL PRT ROU SVK SVN ESP SWE GBR CHE NOR ISL "
            "ALB BIH MKD MNE SRB UKR MDA GRL"
        ),
    ),
    "baltic": ({"G-EUR": 0.5, "G-SPB": 0.5}, "EST LVA LTU FIN"),
    "belarus": ({"G-MOSC": 0.7, "G-EUR": 0.3}, "BLR"),
    "armenia": ({"G-POTI": 0.6, "G-TEHR": 0.4}, "ARM"),
    "mongolia": ({"G-KRSN": 1.0}, "MNG"),
    "americas": (
        {"G-EUR": 0.35, "G-POTI": 0.35, "G-ECHN": 0.3},
        (
            "ABW ARG ATG BHS BLZ BMU BOL BRA BRB CAN CHL COL CRI CUW CYM DMA DOM ECU GRD GTM GUY HND HTI JAM KNA LCA MEX "
            "NIC PAN PER PRY SLV SUR SXM TCA TTO URY USA VCT VEN"
        ),
    ),
    "pacific": (
        {"G-ECHN": 0.75, "G-SCHN": 0.10, "G-KRSN": 0.15},
        (
            "AUS BRN FJI FSM HKG IDN JPN KHM KIR KOR LAO MAC MHL MMR MYS NCL NZL PHL PLW PNG PYF SGP SLB THA TLS TON VNM "
            "VUT"
        ),
    ),
    "south_asia": ({"G-BAND": 0.55, "G-KHI": 0.15, "G-ECHN": 0.30}, "BGD BTN IND LKA MDV NPL"),
    "gulf": ({"G-BAND": 0.85, "G-KHI": 0.15}, "ARE BHR KWT OMN QAT SAU YEM"),
    "iraq": ({"G-TEHR": 1.0}, "IRQ"),
    "levant": ({"G-POTI": 0.5, "G-IST": 0.5}, "EGY ISR JOR LBN SYR DZA LBY MAR TUN"),
    "africa": (
        {"G-BAND": 0.5, "G-POTI": 0.5},
        (
            "AGO BEN BFA BDI BWA CAF CIV CMR COD COG COM CPV DJI ERI ETH GAB GHA GIN GMB GNB GNQ KEN LBR LSO MDG MLI MOZ "
            "MRT MUS MWI NAM NER NGA RWA SDN SEN SLE SOM SSD STP SWZ SYC TCD TGO TZA UGA ZAF ZMB ZWE"
        ),
    ),
}

GROUP_OF: dict[str, str] = {country: group for group, (_, members) in GROUPS.items() for country in members.split()}


def gateway_rows(countries: set[str], sources: Sources) -> list[dict[str, Any]]:
    """The table ``gateway`` for the countries of the trade matrix that have no zone."""
    missing = sorted(countries - set(OWN) - set(GROUP_OF))
    if missing:
        raise SystemExit(f"gateways: no gateway for {', '.join(missing)}")
    origin = sources.add("Gateway shares of countries without zones", note="Own estimate of the routes in use in 2023.")
    return [
        {
            "country": country, "zone_id": zone, "share": share, "quality": "estimated", "source": origin,
            "note": GROUP_OF[country],
        }
        for country in sorted(countries - set(OWN))
        for zone, share in GROUPS[GROUP_OF[country]][0].items()
    ]  # fmt: skip
