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
        Definition("total.tonnes_per_year", "", "t/year", "Freight between all pairs of zones."),
        Definition("total.tkm_per_year", "", "tkm/year", "Tonne-kilometres on all links."),
        Definition(
            "total.generalised_cost_musd_per_year",
            "",
            "million USD/year",
            "Total generalised cost of freight: money, time and reliability.",
        ),
        Definition("total.mean_time_h", "", "h", "Mean door-to-door time, weighted by tonnes."),
        Definition(
            "mode.tonnes_per_year",
            "mode",
            "t/year",
            "Freight that uses at least one link of the mode.",
        ),
        Definition("mode.tkm_per_year", "mode", "tkm/year", "Tonne-kilometres on links of the mode."),
        Definition("alternative.tonnes_per_year", "alternative", "t/year", "Freight shipped by the alternative."),
        Definition(
            "country.tkm_per_year",
            "country,family",
            "tkm/year",
            "Tonne-kilometres in the country; family all includes every mode.",
        ),
        Definition(
            "country.tonnes_per_year",
            "country,family",
            "t/year",
            "Freight that uses at least one link in the country; ALL gives the sum over countries.",
        ),
        Definition(
            "country.transit_tonnes_per_year",
            "country[,family]",
            "t/year",
            "Freight that passes through the country with neither origin nor destination there.",
        ),
        Definition(
            "country.mean_haul_km",
            "country,family",
            "km",
            "Mean distance hauled in the country: its tonne-kilometres divided by its tonnes.",
        ),
        Definition(
            "country.speed_without_delay_kmh",
            "country,family",
            "km/h",
            "Speed without delay of loaded vehicles (CAREC's SWOD): distance divided by uncongested running time; "
            "ALL for the network.",
        ),
        Definition(
            "country.speed_with_delay_kmh",
            "country,family",
            "km/h",
            "Speed with delay of loaded vehicles (CAREC's SWD): distance divided by time with stops and crossings; "
            "ALL for the network.",
        ),
        Definition(
            "crossing.trucks_per_day",
            "crossing",
            "vehicles/day",
            "Road vehicles at the crossing, both directions, loaded and empty.",
        ),
        Definition(
            "crossing.trains_per_day",
            "crossing",
            "trains/day",
            "Trains at the crossing, both directions, loaded and empty.",
        ),
        Definition(
            "crossing.tonnes_per_year",
            "crossing,family[,direction]",
            "t/year",
            "Freight at the crossing in direction ab or ba, or in both if no direction is given.",
        ),
        Definition(
            "crossing.time_h",
            "crossing,family,direction",
            "h",
            "Mean time to cross, including congestion.",
            listed=False,
        ),
        Definition(
            "border.tonnes_per_year",
            "from,to,family[,commodity]",
            "t/year",
            "Freight that crosses the border from one country to another.",
        ),
        Definition(
            "border.trucks_per_day",
            "country,country",
            "vehicles/day",
            "Road vehicles that cross the border between two countries, both directions, loaded and empty.",
        ),
        Definition("link.tonnes_per_year", "link", "t/year", "Freight on the link, both directions.", listed=False),
        Definition(
            "terminal.tonnes_per_year", "terminal", "t/year", "Freight transferred at the terminal, both directions."
        ),
        Definition("od.tonnes_per_year", "origin,destination[,alternative]", "t/year", "Freight between two zones."),
        Definition("od.time_h", "origin,destination[,alternative]", "h", "Mean door-to-door time between two zones."),
        Definition(
            "od.cost_usd_per_t", "origin,destination[,alternative]", "USD/t", "Mean monetary cost between two zones."
        ),
        Definition(
            "od.generalised_cost_usd_per_t",
            "origin,destination[,alternative]",
            "USD/t",
            "Mean generalised cost between two zones: money, time and reliability.",
        ),
        Definition(
            "od.distance_km", "origin,destination[,alternative]", "km", "Mean distance of routes between two zones."
        ),
        Definition(
            "distance.km",
            "node,node,mode",
            "km",
            "Shortest-path distance between two nodes on the open links of a mode.",
            listed=False,
        ),
    )
}
