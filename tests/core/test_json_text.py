"""JSON for files: plain values by kind, and no text of a Python object."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from landlink.core.json_text import json_text, plain


@dataclass
class _Point:
    x: float
    names: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (_Point(1.5, ("a", "b")), {"x": 1.5, "names": ["a", "b"]}),
        (MappingProxyType({"a": _Point(float("inf"))}), {"a": {"x": None, "names": []}}),
        ({1: {"b", "a"}}, {"1": ["a", "b"]}),
        ((np.float64(2.5), np.float32(0.5), np.int64(3), np.bool_(True)), [2.5, 0.5, 3, True]),
        (np.array([[1.0, np.nan]]), [[1.0, None]]),
        ((pd.NA, pd.NaT, None), [None, None, None]),
        (pd.Timestamp("2024-01-02"), "2024-01-02T00:00:00"),
        (datetime(2024, 1, 2, tzinfo=UTC), "2024-01-02T00:00:00+00:00"),
        (date(2024, 1, 2), "2024-01-02"),
        (Path("a") / "b", str(Path("a") / "b")),
        (10**400, 10**400),
    ],
)
def test_values_are_converted_by_kind(value: object, found: object) -> None:
    assert plain(value) == found


@pytest.mark.parametrize("value", [object(), _Point, pd.DataFrame({"a": [1]}), 1j, b"x"])
def test_what_has_no_form_in_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no form in JSON"):
        plain({"a": [value]})


def test_a_document_is_json_that_others_read() -> None:
    text = json_text({"б": [float("nan"), 1e-300]}, sort_keys=True)
    assert json.loads(text, parse_constant=pytest.fail) == {"б": [None, 1e-300]}
    assert text.endswith("}\n")
    assert "б" in text
