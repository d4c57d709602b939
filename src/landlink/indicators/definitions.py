"""Every named number of a result: what it takes, its unit and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Definition:
    """One indicator: what it takes, in which unit it comes, what it means."""

    name: str
    arguments: str
    unit: str
    meaning: str
    listed: bool = True


DEFINITIONS: Final[dict[str, Definition]] = {
    definition.name: definition
    for definition in (
        Definition("total.tonnes_per_year", "", "t/year", "Freight between zones."),
        Definition("total.tkm_per_year", "", "tkm/year", "Freight times distance on links."),
        Definition(
            "total.generalised_cost_musd_per_year",
            "",
            "million USD/year",
            "What all freight bears in money, time and risk.",
        ),
        Definition("total.mean_time_h", "", "h", "Door-to-door time of a mean tonne."),
        Definition(
            "mode.tonnes_per_year",
            "mode",
            "t/year",
            "Freight that runs on at least one link of the mode.",
        ),
        Definition("mode.tkm_per_year", "mode", "tkm/year", "Freight times distance on the mode."),
        Definition("alternative.tonnes_per_year", "alternative", "t/year", "Freight that chose the alternative."),
        Definition(
            "country.tkm_per_year",
            "country,family",
            "tkm/year",
            "Freight times distance in the country; family all for every mode.",
        ),
        Definition(
            "country.tonnes_per_year",
            "country,family",
            "t/year",
            "Freight that runs on at least one link in the country; ALL adds countries up.",
        ),
        Definition(
            "country.transit_tonnes_per_year",
            "country[,family]",
            "t/year",
            "Freight that runs in the country and neither begins nor ends there.",
        ),
        Definition(
            "country.mean_haul_km",
            "country,family",
            "km",
            "Freight times distance in the country, over the freight that touches it.",
        ),
        Definition(
            "country.speed_without_delay_kmh",
            "country,family",
            "km/h",
            "Distance over uncongested running time of loaded vehicles (CAREC's SWOD); ALL for the network.",
        ),
        Definition(
            "country.speed_with_delay_kmh",
            "country,family",
            "km/h",
            "Distance over time of loaded vehicles, stops and crossings included (CAREC's SWD); ALL for the network.",
        ),
        Definition(
            "crossing.trucks_per_day",
            "crossing",
            "vehicles/day",
            "Road vehicles through the crossing, both directions, loaded and empty.",
        ),
        Definition(
            "crossing.trains_per_day",
            "crossing",
            "trains/day",
            "Trains through the crossing, both directions, loaded and empty.",
        ),
        Definition(
            "crossing.tonnes_per_year",
            "crossing,family[,direction]",
            "t/year",
            "Freight through the crossing; direction ab or ba, else both.",
        ),
        Definition(
            "crossing.time_h", "crossing,family,direction", "h", "Time to pass, congestion included.", listed=False
        ),
        Definition(
            "border.tonnes_per_year",
            "from,to,family[,commodity]",
            "t/year",
            "Freight over the border from one country to another.",
        ),
        Definition(
            "border.trucks_per_day",
            "country,country",
            "vehicles/day",
            "Road vehicles over the border, both directions, loaded and empty.",
        ),
        Definition("link.tonnes_per_year", "link", "t/year", "Freight on the link, both directions.", listed=False),
        Definition(
            "terminal.tonnes_per_year", "terminal", "t/year", "Freight that changes at the terminal, both ways."
        ),
        Definition("od.tonnes_per_year", "origin,destination[,alternative]", "t/year", "Freight between two zones."),
        Definition("od.time_h", "origin,destination[,alternative]", "h", "Mean door-to-door time between two zones."),
        Definition("od.cost_usd_per_t", "origin,destination[,alternative]", "USD/t", "Mean money between two zones."),
        Definition(
            "od.generalised_cost_usd_per_t",
            "origin,destination[,alternative]",
            "USD/t",
            "Mean money, time and risk between two zones.",
        ),
        Definition("od.distance_km", "origin,destination[,alternative]", "km", "Mean distance between two zones."),
        Definition(
            "distance.km",
            "node,node,mode",
            "km",
            "Shortest distance between two nodes on the open links of a mode.",
            listed=False,
        ),
    )
}
