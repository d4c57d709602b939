"""Inputs of an appraisal: the sources that they cite."""

from __future__ import annotations

import pandas as pd

from landlink.appraisal.inputs import cited_table


def test_sources_are_cited_once_and_others_left_out():
    sources = pd.DataFrame(
        {"source_id": ["a", "b", "c"], "title": ["A", "B", "C"], "url": ["", "u", ""], "note": ["", "", "n"]}
    )
    found = cited_table(["a;c", "c, nobody", "", "assumed by landlink"], sources)
    assert found.to_dict("list") == {"source_id": ["a", "c"], "title": ["A", "C"], "url": ["", ""]}
    assert list(cited_table(["a"], None)) == ["source_id", "title", "url"]
