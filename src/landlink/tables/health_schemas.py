"""Tables about infection among drivers, and what the health rules of a border may be told.

All are optional. Numbers of a rule itself stand in the column ``parameters`` of the table ``rule``; what holds for
every rule stands in ``health``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from landlink.tables.border_schemas import HEALTH_RULES
from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import PROVENANCE

#: Any country, any test, any kind of rule.
EVERYWHERE: Final = "*"
#: What a row of ``prevalence`` counts.
COUNTED: Final = ("incidence_per_day", "infected_share", "positive_share")


@dataclass(frozen=True, slots=True)
class HealthParameter:
    """A number that the table ``health`` may hold; ``default`` ``None``: it must be there where it is needed."""

    name: str
    unit: str
    meaning: str
    of: str = ""
    maximum: float | None = None
    default: float | None = None


#: What ``applies_to`` names: nothing, a variant, a test, or a kind of rule.
HEALTH_PARAMETERS: Final[dict[str, HealthParameter]] = {
    one.name: one
    for one in (
        HealthParameter("incubation_days", "day", "From infection to first signs.", of="variant"),
        HealthParameter("infectious_before_onset_days", "day", "From the beginning of infectiousness to first signs.", of="variant"),
        HealthParameter("infectious_days", "day", "How long a driver is infectious.", of="variant"),
        HealthParameter("stay_days", "day", "How long a driver who drives in stays.", default=0.0),
        HealthParameter("contacts", "persons", "Close contacts for a vehicle under a kind of rule.", of="kind"),
        HealthParameter("infection_per_contact", "share", "Chance that one close contact with an infectious driver infects.", maximum=1),
        HealthParameter("handlings", "persons", "Persons who handle the goods of one vehicle.", default=0.0),
        HealthParameter("infection_per_handling", "share", "Chance that handling the goods of an infectious driver infects.", maximum=1, default=0.0),
        HealthParameter("waiting_infection", "share", "Infections among those who wait for a result at the border, for each infected driver who comes.", default=0.0),
        HealthParameter("repeat_correlation", "share", "Correlation of two tests of one driver on the same day since infection.", maximum=1, default=0.0),
        HealthParameter("turnaround_h", "h", "From the sample to the result.", of="test", default=0.0),
        HealthParameter("specificity", "share", "Part of the healthy that a test lets pass.", of="test", maximum=1, default=1.0),
        HealthParameter("usd_per_vehicle_h", "USD/h", "What an hour of a vehicle that stands costs.", default=0.0),
    )
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One ``name=value`` of a health rule; text where ``number`` is false."""

    name: str
    unit: str
    meaning: str
    required: bool = False
    maximum: float | None = None
    default: float | None = None
    number: bool = True

    @property
    def accepts(self) -> str:
        """What the value may be, in words."""
        if not self.number:
            return "a test of the table sensitivity"
        return "a number from 0" + (f" to {self.maximum:g}" if self.maximum is not None else "")


_COMMON: Final = (
    Setting("share", "share", "Part of the drivers that it reaches.", maximum=1, default=1.0),
    Setting("hours", "h", "Hours that it costs a vehicle beside what is simulated.", default=0.0),
    Setting("usd", "USD", "Money that it costs for each vehicle.", default=0.0),
)
_CONTACTS: Final = (Setting("contacts", "persons", "Close contacts for each vehicle; left out: the parameter `contacts`."),)

#: What the rules of each kind may be told.
SETTINGS: Final[dict[str, dict[str, Setting]]] = {
    kind: {one.name: one for one in (*own, *_COMMON)}
    for kind, own in {
        "test": (
            Setting("test", "", "Which test of the table `sensitivity`.", number=False),
            Setting("sensitivity", "share", "The same sensitivity on every day since infection, instead of a test.", maximum=1),
            Setting("specificity", "share", "Part of the healthy that it lets pass; left out: the parameter `specificity`.", maximum=1),
            Setting("hours_before", "h", "Hours from the sample to arrival at the border, at least where `validity_h` stands too.", default=0.0),
            Setting("validity_h", "h", "Hours after which a result is no longer taken: samples are spread evenly from the latest to the earliest that is."),
            Setting("turnaround_h", "h", "Hours from the sample to the result; left out: the parameter `turnaround_h`."),
            Setting("stopped_h", "h", "Hours that a vehicle stands whose driver is stopped.", default=0.0),
            Setting("stopped_usd", "USD", "Money for each driver who is stopped.", default=0.0),
        ),
        "quarantine": (Setting("days", "day", "Days apart from others before entry.", required=True),),
        "escort": _CONTACTS,
        "driver_swap": _CONTACTS,
        "trailer_swap": _CONTACTS,
        "contactless": _CONTACTS,
        "disinfection": (Setting("efficacy", "share", "Part of the infections by goods that it prevents.", required=True, maximum=1),),
        "vaccination": (
            Setting("coverage", "share", "Part of the drivers that is vaccinated.", required=True, maximum=1),
            Setting("efficacy", "share", "Part of infections that it prevents.", required=True, maximum=1),
        ),
    }.items()
}  # fmt: skip
assert tuple(SETTINGS) == HEALTH_RULES  # noqa: S101  one entry for each kind

PREVALENCE: Final = Table(
    "prevalence",
    "How many drivers of a country are infected, from a day on.",
    (
        Column("country", "text", "ISO 3166 code of the country that the drivers come from, or * for each without rows of its own.", required=True, key=True),
        Column("from_date", "date", "First day that it holds for; it holds until the next row of the country.", required=True, key=True),
        Column("counted", "text", "What the value is: new infections for each driver and day, the share of drivers that is infected, or the share of tests that is positive.", required=True, allowed=COUNTED),
        Column("value", "number", "The value.", required=True, minimum=0, maximum=1),
        Column("lower", "number", "Low end of what it may be; empty: certain.", minimum=0, maximum=1),
        Column("upper", "number", "High end of what it may be; empty: certain.", minimum=0, maximum=1),
        Column("test", "text", "Test that was positive; needed for positive_share."),
        Column("variant", "text", "Variant of the virus; empty: parameters without a variant."),
        *PROVENANCE,
    ),
)

SENSITIVITY: Final = Table(
    "sensitivity",
    "How often a test finds an infected driver, by day since infection; straight lines between days, level before the first and after the last.",
    (
        Column("test", "text", "The test.", required=True, key=True, named=True),
        Column("day", "integer", "Days since infection.", unit="day", required=True, key=True, minimum=0),
        Column("sensitivity", "number", "Share of the infected that it finds.", required=True, minimum=0, maximum=1),
        Column("lower", "number", "Low end of what it may be; empty: certain.", minimum=0, maximum=1),
        Column("upper", "number", "High end of what it may be; empty: certain.", minimum=0, maximum=1),
        *PROVENANCE,
    ),
)

HEALTH: Final = Table(
    "health",
    "Numbers about infection that hold for every rule.",
    (
        Column("parameter", "text", "Which number.", required=True, key=True, allowed=tuple(HEALTH_PARAMETERS)),
        Column("applies_to", "text", "Variant, test or kind of rule that it is for; empty: all.", key=True),
        Column("value", "number", "The number, in the unit of the parameter.", required=True, minimum=0),
        Column("lower", "number", "Low end of what it may be; empty: certain.", minimum=0),
        Column("upper", "number", "High end of what it may be; empty: certain.", minimum=0),
        *PROVENANCE,
    ),
)

HEALTH_TABLES: Final = (PREVALENCE, SENSITIVITY, HEALTH)
