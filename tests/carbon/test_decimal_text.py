from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landlink.carbon.decimal_text import decimal, decimal_text, shares, total

PATTERN = re.compile(r"-?\d+(\.\d+)?")
NUMBERS = st.floats(min_value=-1e15, max_value=1e15, allow_nan=False, allow_subnormal=False)


@given(NUMBERS)
def test_text_is_plain_and_within_nine_digits_of_the_number(value: float) -> None:
    text = decimal_text(value)
    assert PATTERN.fullmatch(text)
    assert abs(Decimal(text) - Decimal(value)) <= abs(Decimal(value)) * Decimal("5.000001e-9")
    assert text == "0" or len(text.replace("-", "").replace(".", "").strip("0")) <= 9


@given(NUMBERS)
def test_text_reads_back_as_the_decimal(value: float) -> None:
    assert Decimal(decimal_text(value)) == decimal(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (161.0, "161"),
        (0.1 + 0.2, "0.3"),
        (1e-9, "0.000000001"),
        (1e22, "10000000000000000000000"),
        (123456789.5, "123456790"),
        (-0.5, "-0.5"),
    ],
)
def test_text_of_some_numbers(value: float, text: str) -> None:
    assert decimal_text(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")])
def test_what_is_not_finite_has_no_text(value: float | Decimal) -> None:
    with pytest.raises(ValueError, match="no decimal form"):
        decimal_text(value)


@given(st.lists(st.floats(min_value=0, max_value=1e12), min_size=1, max_size=8).filter(lambda parts: max(parts) > 1e-9))
def test_shares_add_to_exactly_one(parts: list[float]) -> None:
    found = shares(parts)
    assert total(found) == 1
    assert all(0 <= share <= 1 for share in found)
    assert all(abs(float(share) - part / sum(parts)) < 1e-8 for share, part in zip(found, parts, strict=True))


@pytest.mark.parametrize("parts", [[0.0], [0.0, 0.0], [2.0, -1.0]])
def test_shares_of_nothing_are_refused(parts: list[float]) -> None:
    with pytest.raises(ValueError, match="one is above zero"):
        shares(parts)


@given(st.lists(NUMBERS.filter(lambda value: value == 0 or abs(value) > 1e-20).map(decimal), max_size=20))
def test_totals_do_not_depend_on_the_order(values: list[Decimal]) -> None:
    assert total(values) == total(sorted(values))
