"""Formulas of gravity equations: what they mean, and what is none."""

from __future__ import annotations

import pytest

from landlink.core.errors import InputError
from landlink.trade.gravity_formula import Factor, read_formula


def test_terms_and_fixed_effects_are_read() -> None:
    formula = read_formula("trade_usd~ log( distance ) + border:log(cost)|exporter ^ year+importer")
    assert formula.dependent == "trade_usd"
    assert [term.name for term in formula.terms] == ["log(distance)", "border:log(cost)"]
    assert formula.terms[1].factors == (Factor("border", logarithm=False), Factor("cost", logarithm=True))
    assert formula.fixed_effects == (("exporter", "year"), ("importer",))
    assert formula.fixed_effect_names == ("exporter^year", "importer")


def test_fixed_effects_can_be_left_out_and_columns_have_any_letters() -> None:
    formula = read_formula("стоимость ~ log(расстояние, км) + 边界")
    assert formula.fixed_effects == ()
    assert [term.factors[0].column for term in formula.terms] == ["расстояние, км", "边界"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "value",
        "value ~",
        "~ distance",
        "value ~ distance ~ border",
        "value ~ distance | exporter | importer",
        "value ~ distance + | exporter",
        "value ~ distance | exporter + ",
        "value ~ distance | exporter^",
        "value ~ distance + distance",
        "value ~ distance | exporter + exporter",
        "value ~ value | exporter",
        "value ~ border:log(value)",
        "value ~ exp(distance)",
        "value ~ log(distance",
        "value ~ distance * border",
        "value ~ __import__('os').system('true')",
        "value ~ {distance}",
    ],
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="invalid formula") as refused:
        read_formula(text)
    assert refused.value.problems[0].allowed.startswith("VALUE ~ TERM")
