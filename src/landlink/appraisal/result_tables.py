"""Tables that appraisal adds to a result: its inputs, unchanged, so that results alone can be appraised."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Final

import pandas as pd

from landlink.study.appraisal_settings import USUAL_APPRAISAL
from landlink.study.study import Scenario
from landlink.tables.appraisal_schemas import APPRAISAL_TABLES
from landlink.tables.column import Column, Table
from landlink.tables.outputs import Output, copied
from landlink.tables.settings_schemas import SETTINGS

__all__ = ["APPRAISAL_SETTING", "OUTPUT_TABLES"]

APPRAISAL_SETTING: Final = Table(
    "appraisal_setting",
    "How the study wants costs and benefits appraised: one row with its settings.",
    tuple(
        Column(one.name, one.type, one.meaning, one.unit, minimum=one.minimum, maximum=one.maximum)
        for one in SETTINGS["[appraisal]"].columns
    ),
)


def _carried(name: str) -> Callable[[Scenario], pd.DataFrame]:
    return lambda scenario: scenario.study.tables[name]


def _has_rows(name: str) -> Callable[[Scenario], bool]:
    return lambda scenario: not scenario.study.tables[name].empty


def _settings(scenario: Scenario) -> pd.DataFrame:
    """The settings, with the years that follow from others filled in."""
    settings = scenario.study.settings
    values = dataclasses.asdict(settings.appraisal)
    values["price_year"] = settings.appraisal.price_year or settings.base_year
    values["discount_year"] = settings.appraisal.discount_year or values["price_year"]
    return APPRAISAL_SETTING.typed(pd.DataFrame([values])[list(APPRAISAL_SETTING.by_name)])


def _has_settings(scenario: Scenario) -> bool:
    return scenario.study.settings.appraisal != USUAL_APPRAISAL or any(
        _has_rows(table.name)(scenario) for table in APPRAISAL_TABLES
    )


OUTPUT_TABLES: Final = (
    *(
        Output(copied(table), (Scenario,), _carried(table.name), when=_has_rows(table.name))
        for table in APPRAISAL_TABLES
    ),
    Output(APPRAISAL_SETTING, (Scenario,), _settings, when=_has_settings),
)
