"""The sections that every report has, in their order; another is added by registering a maker beside these."""

from __future__ import annotations

from typing import Final

from landlink.report import (
    base_table,
    border_waits,
    bottlenecks,
    cautions,
    commitments,
    corridors,
    crossings,
    fit_section,
    inputs,
    origin,
    summary,
    times,
    trade,
    uncertainty,
    validation,
)
from landlink.report.section_registry import SectionMaker

__all__ = ["REPORT_SECTIONS"]

#: Places are ten apart, so that others fit between.
REPORT_SECTIONS: Final = (
    SectionMaker("uncertainty", 5, lambda m: uncertainty.section(m.views)),
    SectionMaker("commitments", 10, lambda m: commitments.section(m.views, m.scoreboard)),
    SectionMaker("summary", 20, lambda m: summary.section(m.views, m.sensitivity)),
    SectionMaker("base", 30, lambda m: base_table.section(m.views)),
    SectionMaker("flows", 40, lambda m: m.atlas.flows()),
    SectionMaker("differences", 50, lambda m: m.atlas.differences()),
    SectionMaker("times", 60, lambda m: times.section(m.views)),
    SectionMaker("crossings", 70, lambda m: crossings.section(m.views)),
    SectionMaker("bottleneck", 72, lambda m: bottlenecks.section(m.views)),
    SectionMaker("trade", 74, lambda m: trade.section(m.views)),
    SectionMaker("corridors", 76, lambda m: corridors.section(m.views)),
    SectionMaker("border_waits", 80, lambda m: border_waits.section(m.views)),
    SectionMaker("cautions", 85, lambda m: cautions.section(m.views)),
    SectionMaker("validation", 90, lambda m: validation.section(m.views)),
    SectionMaker("fit", 95, lambda m: fit_section.section(m.views[0].result.tables, m.views[0].words)),
    SectionMaker("inputs", 100, lambda m: inputs.section(m.views, m.sensitivity)),
    SectionMaker("sources", 110, lambda m: origin.sources_section(m.views)),
    SectionMaker("provenance", 120, lambda m: origin.provenance_section(m.views)),
)
