"""Studies: opening, checking, changing by measures, saving."""

from landlink.study.study import Study, bundled_studies, measures_with_effects, open_study

__all__ = ["Study", "bundled_studies", "measures_with_effects", "open_study"]
