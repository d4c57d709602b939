"""The sections that every report has, in their order; another is added by registering a maker beside these."""

from __future__ import annotations

from typing import Final

from landlink.report import (
    abatement,
    appraisal,
    base_table,
    border_waits,
    bottlenecks,
    carbon,
    cautions,
    commitments,
    corridors,
    crossings,
    domestic,
    first_page,
    fit_section,
    inputs,
    origin,
    security,
    summary,
    times,
    trade,
    trade_response,
    trade_structure,
    uncertainty,
    validation,
)
from landlink.report.section_registry import SectionMaker

__all__ = ["REPORT_SECTIONS"]

#: The first page, then the evidence, then commitments, then how sure it is, then what it was made from. Places are
#: apart, so that others fit between.
REPORT_SECTIONS: Final = (
    SectionMaker("answer", 0, lambda m: first_page.section(m.views, m.atlas), on_maps=True),
    SectionMaker("summary", 10, lambda m: summary.section(m.views)),
    SectionMaker("base", 20, lambda m: base_table.section(m.views)),
    SectionMaker("differences", 30, lambda m: m.atlas.differences(), on_maps=True),
    SectionMaker("flows", 40, lambda m: m.atlas.flows(), on_maps=True),
    SectionMaker("crossings", 50, lambda m: crossings.section(m.views)),
    SectionMaker("border_waits", 55, lambda m: border_waits.section(m.views)),
    SectionMaker("bottleneck", 58, lambda m: bottlenecks.section(m.views)),
    SectionMaker("times", 60, lambda m: times.section(m.views)),
    SectionMaker("carbon", 64, lambda m: carbon.section(m.views, m.atlas), on_maps=True),
    SectionMaker("abatement", 66, lambda m: abatement.section(m.views, m.abatement)),
    SectionMaker("trade_response", 68, lambda m: trade_response.section(m.views, m.steps)),
    SectionMaker("trade", 70, lambda m: trade.section(m.views)),
    SectionMaker("structure", 72, lambda m: trade_structure.section(m.views)),
    SectionMaker("domestic", 74, lambda m: domestic.section(m.views)),
    SectionMaker("corridors", 75, lambda m: corridors.section(m.views)),
    SectionMaker("security", 76, lambda m: security.section(m.views, m.atlas, m.resilience), on_maps=True),
    SectionMaker("appraisal", 78, lambda m: appraisal.section(m.views)),
    SectionMaker("commitments", 80, lambda m: commitments.section(m.views, m.scoreboard)),
    SectionMaker("uncertainty", 84, lambda m: uncertainty.section(m.views, m.sensitivity)),
    SectionMaker("validation", 88, lambda m: validation.section(m.views)),
    SectionMaker("fit", 92, lambda m: fit_section.section(m.views[0].result.tables, m.views[0].words)),
    SectionMaker("cautions", 96, lambda m: cautions.section(m.views)),
    SectionMaker("inputs", 100, lambda m: inputs.section(m.views, m.sensitivity)),
    SectionMaker("sources", 110, lambda m: origin.sources_section(m.views)),
    SectionMaker("provenance", 120, lambda m: origin.provenance_section(m.views)),
)
