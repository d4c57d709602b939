"""Studies: opening, checking, changing by measures, scenarios, saving."""

from landlink.study.opening import bundled_studies, open_study
from landlink.study.study import Scenario, Study, measures_with_effects

__all__ = ["Scenario", "Study", "bundled_studies", "measures_with_effects", "open_study"]
