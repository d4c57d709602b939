"""Tables on infection among drivers, and the parameters of health rules at borders.

All are optional. Parameters of a single rule are in the column ``parameters`` of the table ``rule``; parameters common
to all rules are in ``health``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from landlink.tables.border_schemas import HEALTH_RULES
from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import PROVENANCE

#: Sign for any country, test or kind of rule.
EVERYWHERE: Final = "*"
#: Longest time accepted; anything above is taken to be a typing error.
LONGEST_DAYS: Final = 365
LONGEST_H: Final = 24 * LONGEST_DAYS
#: Largest value of a parameter without a maximum of its own.
LARGEST: Final = 1e6
#: Quantities that a row of ``prevalence`` can give.
COUNTED: Final = ("incidence_per_day", "infected_share", "positive_share")


@dataclass(frozen=True, slots=True)
class HealthParameter:
    """A parameter of the table ``health``; without a ``default``, it must be given where it is needed."""

    name: str
    unit: str
    meaning: str
    of: str = ""
    maximum: float = LARGEST
    default: float | None = None


#: Parameters by name; ``of`` says whether ``applies_to`` refers to a variant, a test or a kind of rule.
HEALTH_PARAMETERS: Final[dict[str, HealthParameter]] = {
    one.name: one
    for one in (
        HealthParameter("incubation_days", "day", "Time from infection to first symptoms.", of="variant", maximum=LONGEST_DAYS),
        HealthParameter("infectious_before_onset_days", "day", "Time from the start of infectiousness to first symptoms.", of="variant", maximum=LONGEST_DAYS),
        HealthParameter("infectious_days", "day", "Duration of infectiousness of a driver.", of="variant", maximum=LONGEST_DAYS),
        HealthParameter("stay_days", "day", "Length of stay of a driver who enters the country.", maximum=LONGEST_DAYS, default=0.0),
        HealthParameter("contacts", "persons", "Close contacts per vehicle under a kind of rule.", of="kind"),
        HealthParameter("infection_per_contact", "share", "Probability of infection per close contact with an infectious driver.", maximum=1),
        HealthParameter("handlings", "persons", "Persons who handle the goods of one vehicle.", default=0.0),
        HealthParameter("infection_per_handling", "share", "Probability of infection from handling the goods of an infectious driver.", maximum=1, default=0.0),
        HealthParameter("waiting_infection", "share", "Infections among drivers waiting for test results at the border, per infected driver arriving.", default=0.0),
        HealthParameter("repeat_correlation", "share", "Correlation between two tests of one driver on the same day since infection.", maximum=1, default=0.0),
        HealthParameter("turnaround_h", "h", "Time from taking the sample to the result.", of="test", maximum=LONGEST_H, default=0.0),
        HealthParameter("specificity", "share", "Specificity of a test: share of uninfected drivers who test negative.", of="test", maximum=1, default=1.0),
        HealthParameter("usd_per_vehicle_h", "USD/h", "Cost of one hour of a vehicle standing.", default=0.0),
    )
}


@dataclass(frozen=True, slots=True)
class Setting:
    """A ``name=value`` parameter of a health rule; the value is text if ``number`` is false."""

    name: str
    unit: str
    meaning: str
    required: bool = False
    maximum: float = LARGEST
    default: float | None = None
    number: bool = True

    @property
    def accepts(self) -> str:
        """Description of the accepted values."""
        if not self.number:
            return "a test of the table sensitivity"
        return f"a number from 0 to {self.maximum:g}"


_COMMON: Final = (
    Setting("share", "share", "Share of drivers that the rule applies to.", maximum=1, default=1.0),
    Setting("hours", "h", "Time added per vehicle, beyond what is simulated.", default=0.0),
    Setting("usd", "USD", "Cost per vehicle.", default=0.0),
)
_CONTACTS: Final = (Setting("contacts", "persons", "Close contacts per vehicle; default: the parameter `contacts`."),)

#: Parameters of the rules of each kind.
SETTINGS: Final[dict[str, dict[str, Setting]]] = {
    kind: {one.name: one for one in (*own, *_COMMON)}
    for kind, own in {
        "test": (
            Setting("test", "", "Test, as named in the table `sensitivity`.", number=False),
            Setting("sensitivity", "share", "Sensitivity that is the same on every day since infection, instead of `test`.", maximum=1),
            Setting("specificity", "share", "Share of uninfected drivers who test negative; default: the parameter `specificity`.", maximum=1),
            Setting("hours_before", "h", "Time from the sample to arrival at the border; the minimum if `validity_h` is given too.", maximum=LONGEST_H, default=0.0),
            Setting("validity_h", "h", "Validity of a result: sample times are uniformly distributed between `hours_before` and `validity_h` before arrival.", maximum=LONGEST_H),
            Setting("turnaround_h", "h", "Time from the sample to the result; default: the parameter `turnaround_h`.", maximum=LONGEST_H),
            Setting("stopped_h", "h", "Time that a vehicle stands when its driver is stopped.", default=0.0),
            Setting("stopped_usd", "USD", "Cost per driver who is stopped.", default=0.0),
        ),
        "quarantine": (Setting("days", "day", "Days of isolation before entry.", required=True, maximum=LONGEST_DAYS),),
        "escort": _CONTACTS,
        "driver_swap": _CONTACTS,
        "trailer_swap": _CONTACTS,
        "contactless": _CONTACTS,
        "disinfection": (Setting("efficacy", "share", "Share of infections from goods that it prevents.", required=True, maximum=1),),
        "vaccination": (
            Setting("coverage", "share", "Share of drivers who are vaccinated.", required=True, maximum=1),
            Setting("efficacy", "share", "Share of infections that it prevents.", required=True, maximum=1),
        ),
    }.items()
}  # fmt: skip
assert tuple(SETTINGS) == HEALTH_RULES  # noqa: S101  one entry for each kind

PREVALENCE: Final = Table(
    "prevalence",
    "Infection among the drivers of a country, by date.",
    (
        Column("country", "text", "Country that the drivers come from, as an ISO 3166-1 alpha-3 code, or * for all countries without rows of their own.", required=True, key=True),
        Column("from_date", "date", "First day that the row applies to; it applies until the country's next row.", required=True, key=True),
        Column("counted", "text", "Quantity given: new infections per driver and day, share of drivers infected, or share of tests that are positive.", required=True, allowed=COUNTED),
        Column("value", "number", "Value of the quantity.", required=True, minimum=0, maximum=1),
        Column("lower", "number", "Lower end of the uncertainty range; empty: certain.", minimum=0, maximum=1),
        Column("upper", "number", "Upper end of the uncertainty range; empty: certain.", minimum=0, maximum=1),
        Column("test", "text", "Test used; required for positive_share."),
        Column("variant", "text", "Variant of the virus; empty: parameters without a variant apply."),
        *PROVENANCE,
    ),
)

SENSITIVITY: Final = Table(
    "sensitivity",
    "Sensitivity of tests by day since infection; linear between days, constant before the first and after the last.",
    (
        Column("test", "text", "Name of the test.", required=True, key=True, named=True),
        Column("day", "integer", "Days since infection.", unit="day", required=True, key=True, minimum=0, maximum=LONGEST_DAYS),
        Column("sensitivity", "number", "Share of infected drivers who test positive.", required=True, minimum=0, maximum=1),
        Column("lower", "number", "Lower end of the uncertainty range; empty: certain.", minimum=0, maximum=1),
        Column("upper", "number", "Upper end of the uncertainty range; empty: certain.", minimum=0, maximum=1),
        *PROVENANCE,
    ),
)

HEALTH: Final = Table(
    "health",
    "Infection parameters common to all health rules.",
    (
        Column("parameter", "text", "Parameter.", required=True, key=True, allowed=tuple(HEALTH_PARAMETERS)),
        Column("applies_to", "text", "Variant, test or kind of rule that the parameter applies to; empty: all.", key=True),
        Column("value", "number", "Value, in the unit of the parameter.", required=True, minimum=0, maximum=LARGEST),
        Column("lower", "number", "Lower end of the uncertainty range; empty: certain.", minimum=0, maximum=LARGEST),
        Column("upper", "number", "Upper end of the uncertainty range; empty: certain.", minimum=0, maximum=LARGEST),
        *PROVENANCE,
    ),
)

HEALTH_TABLES: Final = (PREVALENCE, SENSITIVITY, HEALTH)
