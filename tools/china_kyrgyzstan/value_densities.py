"""What a tonne of each commodity is worth, by the countries that trade it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tools.china_kyrgyzstan.commodities import densities, upper_densities
from tools.china_kyrgyzstan.gateways import GROUP_OF

if TYPE_CHECKING:
    from tools.china_kyrgyzstan.flows import Flow

#: Value densities, USD/t, that differ from the working set, by exporter (and importer). Timber, glass and tiles are
#: worth far more than cement; iron ore far less than copper concentrate; coal as the facts give it for each pair.
_DENSITY: dict[str, dict[str, float]] = {
    "building_materials": {
        "RUS": 300.0, "CHN": 500.0, "TUR": 600.0, "europe": 600.0, "baltic": 600.0, "belarus": 300.0, "KAZ": 100.0,
        "UZB>AFG": 80.0, "UZB>TJK": 80.0, "IRN": 150.0, "TJK": 40.0, "": 300.0,
        # Published tonnes, all of them cement.
        "KGZ>UZB": 50.0, "KAZ>UZB": 50.0, "TJK>UZB": 50.0, "TKM>UZB": 50.0, "IRN>UZB": 50.0,
    },
    "ores": {"KAZ>RUS": 150.0, "KAZ>CHN": 600.0, "": 900.0},
    "grain": {"KAZ>europe": 450.0, "KAZ>baltic": 450.0, "": 280.0},
    "coal": {"KGZ>UZB": 35.7, "KGZ": 60.0, "AFG": 130.0, "": 40.0},
    "fruit_vegetables": {"UZB>KAZ": 245.0, "AFG>PAK": 400.0, "": 700.0},
    "textiles": {"TJK": 1500.0, "": 3300.0},
}  # fmt: skip

#: Blocks whose goods stand at the upper end of the working ranges: makers of the dear sorts of each class.
_MAKERS = ("europe", "baltic", "pacific", "americas")
_DEAR: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("chemicals", "metals", "clothing", "machinery", "vehicles", "consumer_goods"), _MAKERS),
    "food": ("europe", "baltic"),
}
#: Chemicals of Europe and India are nearly half medicines: 45 % of the value at 46,394 USD/t (US shipments,
#: value_density.csv), the rest at 3,000 USD/t.
_MEDICINES_USD_PER_T = 5200.0
_MEDICINES = ("europe", "baltic", "south_asia")


class Densities:
    """Value densities: the working set, but where a pair of countries or an exporter has its own."""

    def __init__(self, facts: Path) -> None:
        #: Value density of each commodity where no pair has its own.
        self.working = densities(facts)
        self._own = {commodity: dict(table) for commodity, table in _DENSITY.items()}
        upper = upper_densities(facts)
        for commodity, blocks in _DEAR.items():
            self._own.setdefault(commodity, {}).update(dict.fromkeys(blocks, upper[commodity]))
        self._own["chemicals"].update(dict.fromkeys(_MEDICINES, _MEDICINES_USD_PER_T))

    def usd_per_t(self, commodity: str, exporter: str, importer: str) -> float:
        """USD/t of a commodity between two countries, or blocks of countries behind the same gateways."""
        table = self._own.get(commodity, {})
        for key in (f"{exporter}>{importer}", exporter, ""):
            if key in table:
                return table[key]
        return self.working[commodity]

    def of_flow(self, flow: Flow) -> float:
        """USD/t of a flow that does not say it; transit was derived with the working set."""
        if flow.kind == "transit":
            return self.working[flow.commodity]
        origin, destination = (GROUP_OF.get(place, place) for place in (flow.origin, flow.destination))
        return self.usd_per_t(flow.commodity, origin, destination)
