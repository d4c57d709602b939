"""Studies: opening, checking, changing by measures, saving."""

from landlink.study.scenario import Scenario
from landlink.study.study import Study, bundled_studies, measures_with_effects, open_study

__all__ = ["Scenario", "Study", "bundled_studies", "measures_with_effects", "open_study"]
