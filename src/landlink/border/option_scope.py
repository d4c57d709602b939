"""What the options of a recovery plan bear on: the pipelines of crossings, their infectious entries, or both.

Sets that differ only in options without a bearing on a pipeline share its simulations: a vaccination of drivers changes
who is infectious, not how fast a stage works. Whatever is not known to be without a bearing is taken to have one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from landlink.study import Study
from landlink.tables.frames import texts
from landlink.tables.lists import split_list

__all__ = ["OptionScope", "option_scopes"]

#: Tables from which infectious entries alone are computed.
HEALTH_TABLES: Final = ("prevalence", "sensitivity", "health")
#: Tables from which pipelines alone are built.
PIPELINE_TABLES: Final = ("stage", "service", "arrival_count")
#: Columns of ``crossing`` from which infectious entries are computed.
CROSSING_COLUMNS: Final = ("directions", "country_a", "country_b")


@dataclass(frozen=True)
class OptionScope:
    """What a measure bears on.

    Attributes
    ----------
    pipeline, entries
        Whether it may change the pipelines of crossings, and their infectious entries per vehicle.
    inputs
        Whether it may change the parameters and the prevalence of the health model.
    """

    pipeline: bool
    entries: bool
    inputs: bool


def option_scopes(study: Study, measures: Iterable[str]) -> dict[str, OptionScope]:
    """Find what measures bear on, from the tables and columns that their effects name."""
    effect = study.tables["effect"]
    with_effects = set(texts(study.tables["rule_effect"], "rule_id"))
    found = {name: OptionScope(pipeline=False, entries=False, inputs=False) for name in measures}
    columns = (texts(effect, name) for name in ("measure_id", "table", "row", "column"))
    for measure, table, row, column in zip(*columns, strict=True):
        if measure in found:
            before, more = found[measure], _scope(table, row, column, with_effects)
            found[measure] = OptionScope(
                before.pipeline or more.pipeline, before.entries or more.entries, before.inputs or more.inputs
            )
    return found


def _scope(table: str, row: str, column: str, with_effects: set[str]) -> OptionScope:
    """Find what one effect bears on; ``with_effects`` lists the rules that change tables themselves."""
    changes_tables = row.strip() == "*" or bool(with_effects & set(split_list(row)))
    pipeline = table not in HEALTH_TABLES and (table != "rule" or changes_tables)
    entries = table not in PIPELINE_TABLES and (table != "crossing" or column in ("", *CROSSING_COLUMNS))
    inputs = entries and table not in ("arrival", "crossing") and (table != "rule" or changes_tables)
    return OptionScope(pipeline, entries, inputs)
