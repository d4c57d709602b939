"""The section ``[resilience]`` of ``study.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from landlink.study.settings_reader import SettingsReader

__all__ = ["USUAL_RESILIENCE", "ResilienceSettings", "read_resilience_settings"]


@dataclass(frozen=True, slots=True)
class ResilienceSettings:
    """What it costs to wait at a closed place, and how long places are closed where nothing says so.

    Attributes
    ----------
    lost_value_share
        Share of the value of goods that is lost if they never arrive: the most that their wait costs.
    vehicle_wait_h
        Hours that a vehicle waits with the goods before it turns back.
    closure_days
        Days of a closure by which places are compared.
    """

    lost_value_share: float = 1.0
    vehicle_wait_h: float = 24.0
    closure_days: float = 30.0


#: The settings of a study that states none.
USUAL_RESILIENCE: Final = ResilienceSettings()


def read_resilience_settings(section: SettingsReader) -> ResilienceSettings:
    """Read the section; problems go to the reader's list."""
    usual = USUAL_RESILIENCE
    found = ResilienceSettings(
        section.number("lost_value_share", usual.lost_value_share),
        section.number("vehicle_wait_h", usual.vehicle_wait_h),
        section.number("closure_days", usual.closure_days),
    )
    section.done()
    return found
