"""Provenance: typed, frozen, and read back as it was written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from landlink.results.provenance import AppliedMeasure, Certification, Presentation, Provenance, Run

MADE = Provenance(
    Run(study="s", study_path="/s", study_hash="h", year=2030, measures=(AppliedMeasure("m", "M", in_force=False),)),
    Certification(relative_gap=1e-7, target_gap=1e-6, converged=True),
    Presentation(title="T", label="L", quality={"link": {"measured": 3}}, notes=("one", "two")),
)


def test_it_reads_back_as_it_was_written() -> None:
    assert Provenance.from_dict(json.loads(json.dumps(MADE.as_dict()))) == MADE


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"run": None}, "provenance.run"),
        ({"run": {"study": "s"}}, "provenance.run.study_path is missing"),
        (
            {"certificate": {"relative_gap": "small", "target_gap": 1, "converged": True}},
            "relative_gap is of the wrong",
        ),
        ({"certificate": {"relative_gap": 0.1, "target_gap": 1, "converged": 1}}, "converged is of the wrong"),
        ({"presentation": {"title": "T", "label": "L", "notes": "one"}}, "notes is of the wrong type"),
    ],
)
def test_missing_fields_and_wrong_types_are_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Provenance.from_dict(MADE.as_dict() | change)
