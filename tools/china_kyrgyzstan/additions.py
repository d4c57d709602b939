"""Nodes and links that the facts lack: deep-sea shipping and the western end of the Middle Corridor.

Without them all freight between China and Europe would have to cross Central Asia, and nothing that crosses the
Caspian could reach Europe. All of it is estimated; each row says how.
"""

from __future__ import annotations

from typing import NamedTuple

SOURCE = "Own estimate: ports and routes that the gathered network lacks"


class AddedNode(NamedTuple):
    """A place in addition to those of the facts."""

    node_id: str
    name: str
    country: str
    latitude: float
    longitude: float
    kind: str
    note: str


class AddedLink(NamedTuple):
    """A link in addition to those of the facts."""

    link_id: str
    start: str
    end: str
    mode: str
    name: str
    country: str
    length_km: float
    speed_kmh: float
    cost_factor: float
    crossing: str
    note: str


NODES = (
    AddedNode("GDAN", "Gdansk (port)", "POL", 54.40, 18.67, "terminal", "Deep-sea port behind which the zone Europe lies."),
    AddedNode("CNST", "Constanta (port)", "ROU", 44.17, 28.65, "terminal", "Black Sea port of the Middle Corridor's last leg."),
    AddedNode("KAPK", "Kapikule / Kapitan Andreevo crossing", "TUR", 41.72, 26.33, "border", "Main road crossing between Turkey and the European Union."),
    AddedNode("SING", "Singapore strait (sea hub)", "SGP", 1.25, 103.85, "junction", "Point that all sea routes from China to the west pass."),
)  # fmt: skip

_LAND = "Length: usual road or rail distance, not re-read."
_SEA = "Length: usual port distance (nautical miles x 1.852), not re-read; customs are part of the port's time."

LINKS = (
    AddedLink("XR001", "GDAN", "WARS", "road", "A1/S7 Gdansk-Warsaw", "POL", 340, 75, 1.0, "", _LAND),
    AddedLink("XL001", "GDAN", "WARS", "rail_1435", "Gdansk-Warsaw", "POL", 330, 60, 1.0, "", _LAND),
    AddedLink("XR002", "CNST", "WARS", "road", "Constanta-Budapest-Warsaw", "ROU;HUN;SVK;POL", 1650, 70, 1.0, "", _LAND),
    AddedLink("XL002", "CNST", "WARS", "rail_1435", "Constanta-Budapest-Warsaw", "ROU;HUN;SVK;POL", 1750, 50, 1.0, "", _LAND),
    AddedLink("XR003", "ISTB", "KAPK", "road", "Istanbul-Edirne-Kapikule", "TUR", 245, 75, 1.0, "", _LAND),
    AddedLink("XR004", "KAPK", "WARS", "road", "Kapitan Andreevo-Sofia-Budapest-Warsaw", "BGR;ROU;HUN;SVK;POL", 1700, 70, 1.0, "", _LAND),
    AddedLink("XF001", "POTI", "CNST", "ferry", "Poti-Constanta Black Sea ferry", "GEO;ROU", 1160, 25, 0.35, "POTI-CNST", "Length: great circle x 1.07. " + _SEA),
    AddedLink("XS001", "LIAN", "SING", "sea", "Lianyungang-Singapore strait", "CHN", 4750, 33, 1.0, "", _SEA),
    AddedLink("XS002", "SHAN", "SING", "sea", "Shanghai-Singapore strait", "CHN", 4150, 33, 1.0, "", _SEA),
    AddedLink("XS003", "GUAN", "SING", "sea", "Guangzhou-Singapore strait", "CHN", 2800, 33, 1.0, "", _SEA),
    AddedLink("XS004", "SING", "GDAN", "sea", "Singapore strait-Suez-Gdansk", "SGP;POL", 17000, 33, 1.0, "", _SEA),
    AddedLink("XS005", "SING", "ISTB", "sea", "Singapore strait-Suez-Istanbul", "SGP;TUR", 10900, 33, 1.25, "", _SEA),
    AddedLink("XS006", "SING", "POTI", "sea", "Singapore strait-Suez-Poti", "SGP;GEO", 12000, 33, 1.35, "", _SEA),
    AddedLink("XS007", "SING", "BAND", "sea", "Singapore strait-Bandar Abbas", "SGP;IRN", 6200, 33, 1.35, "", _SEA),
    AddedLink("XS008", "SING", "KHI", "sea", "Singapore strait-Karachi", "SGP;PAK", 5350, 33, 1.35, "", _SEA),
)  # fmt: skip
