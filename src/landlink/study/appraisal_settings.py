"""The section ``[appraisal]`` of ``study.toml``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from landlink.core.errors import Problem
from landlink.study.settings_reader import SettingsReader
from landlink.tables.destinations import STUDY_FILE
from landlink.tables.settings_schemas import SETTINGS
from landlink.tables.shared_columns import EARLIEST_YEAR, LATEST_YEAR

__all__ = ["USUAL_APPRAISAL", "AppraisalSettings", "appraisal_setting_problems", "read_appraisal_settings"]

_SECTION: Final = "[appraisal]"


@dataclass(frozen=True, slots=True)
class AppraisalSettings:
    """How costs and benefits are appraised; years that are 0 follow from others.

    Attributes
    ----------
    discount_rate_percent
        Real discount rate, per cent a year.
    price_year
        Year of the constant prices; 0: the base year of the study.
    discount_year
        Year to which present values refer; 0: the price year.
    horizon_years
        Years of service that count, from the opening on.
    timing
        ``end`` or ``mid`` of the year.
    benefit
        ``users`` (surplus) or ``income`` (real income in general equilibrium).
    users_split
        Share of a market's surplus that falls to the country of origin.
    growth_percent
        Growth of yearly benefits beyond the last year solved, per cent a year.
    """

    discount_rate_percent: float = 9.0
    price_year: int = 0
    discount_year: int = 0
    horizon_years: int = 30
    timing: str = "end"
    benefit: str = "users"
    users_split: float = 0.5
    growth_percent: float = 0.0


#: The settings of a study that states none.
USUAL_APPRAISAL: Final = AppraisalSettings()


def read_appraisal_settings(section: SettingsReader) -> AppraisalSettings:
    """Read the section; problems go to the reader's list."""
    usual = USUAL_APPRAISAL
    found = AppraisalSettings(
        section.number("discount_rate_percent", usual.discount_rate_percent),
        section.whole("price_year", usual.price_year),
        section.whole("discount_year", usual.discount_year),
        section.whole("horizon_years", usual.horizon_years),
        section.text("timing", usual.timing),
        section.text("benefit", usual.benefit),
        section.number("users_split", usual.users_split),
        section.number("growth_percent", usual.growth_percent),
    )
    section.done()
    return found


def appraisal_setting_problems(settings: AppraisalSettings) -> Iterable[Problem]:
    """Find settings of the right type that cannot be meant."""
    if settings.discount_rate_percent == 0:
        message = "a discount rate of 0 makes all years alike, so that no annuity or perpetuity exists"
        yield Problem(STUDY_FILE, message, _SECTION, "discount_rate_percent", "0", "another rate above -100")
    for key in ("price_year", "discount_year"):
        year = getattr(settings, key)
        if year and not EARLIEST_YEAR <= year <= LATEST_YEAR:
            yield Problem(STUDY_FILE, "invalid year", _SECTION, key, str(year), f"{EARLIEST_YEAR} to {LATEST_YEAR}")
    for key in ("timing", "benefit"):
        allowed = SETTINGS[_SECTION].by_name[key].allowed
        if (value := getattr(settings, key)) not in allowed:
            yield Problem(STUDY_FILE, "invalid value", _SECTION, key, value, " or ".join(allowed))
