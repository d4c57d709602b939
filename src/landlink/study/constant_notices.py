"""Constants that are allowed but may be unintended: those that change no flow, and corridors that are not one way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from landlink.study.constant_places import concerned_alternatives, corridor_links, corridor_of, place_of
from landlink.study.settings import Settings, default_alternatives
from landlink.tables.frames import Row, Tables, flags, is_missing, records, texts

__all__ = ["constant_notices"]


def constant_notices(tables: Tables, settings: Settings) -> list[str]:
    """List what may be unintended in constants and in the corridors that they are on."""
    rows = records(tables["constant"])
    if not rows:
        return []
    return [*_idle(rows, tables, settings), *_forked(rows, tables)]


def _idle(rows: Sequence[Row], tables: Tables, settings: Settings) -> Iterator[str]:
    alternatives = settings.alternatives or default_alternatives(texts(tables["vehicle"], "mode"))
    for row in rows:
        name = row["constant_id"]
        if row["value"] == 0 and row["prior_sd"] == 0:
            yield f"constant {name} has no effect: its value is 0, and a prior_sd of 0 leaves it there"
        elif place_of(row) in ("mode", "pair") and all(concerned_alternatives(row, alternatives, tables["vehicle"])):
            yield f"constant {name} changes costs but no flow: it is the same for every alternative"


def _forked(rows: Sequence[Row], tables: Tables) -> Iterator[str]:
    """Corridors whose constants are spread over links that are not one line from end to end."""
    on = dict.fromkeys(row["corridor_id"] for row in rows if row["corridor_id"])
    for name in on:
        corridor = corridor_of({"corridor_id": name}, tables["corridor"])
        if corridor["crossing_id"] or not is_missing(corridor["length_km"]):
            continue
        link = tables["link"][corridor_links(tables["link"], name)]
        family_of = dict(zip(texts(tables["vehicle"], "mode"), texts(tables["vehicle"], "family"), strict=True))
        family = np.array([family_of[mode] for mode in texts(link, "mode")], dtype=object)
        families = sorted(set(family.tolist()))
        wrong = [one for one in families if not _is_line(link[family == one])]
        if wrong:
            yield (
                f"corridor {name} is not one line of {' or of '.join(wrong)} links: a passage pays only its share of"
                " their length; give the corridor a length_km or crossings"
            )
        elif len(families) > 1:
            yield (
                f"corridor {name} has links of {', '.join(families)}: each family counts as a passage of its own; if"
                " freight takes one after the other, give the corridor a length_km"
            )


def _is_line(link: pd.DataFrame) -> bool:
    """Whether links form a single line: no fork, no gap and no ring, the two links of a divided road taken once."""
    ends = zip(texts(link, "from_node_id"), texts(link, "to_node_id"), flags(link, "directed").tolist(), strict=True)
    pairs = [(frozenset((start, end)), one_way) for start, end, one_way in ends]
    lines = [pair for pair, one_way in pairs if not one_way] + list({pair for pair, one_way in pairs if one_way})
    degree = Counter(node for pair in lines for node in pair)
    return max(degree.values(), default=0) <= 2 and sum(count == 1 for count in degree.values()) == 2
