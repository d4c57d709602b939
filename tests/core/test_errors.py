from __future__ import annotations

import pytest

from landlink.core import errors
from landlink.core.errors import InputError, LandlinkError, Problem, suggestion


def test_every_error_of_the_module_is_in_the_tree_drawn_in_its_docstring() -> None:
    classes = [
        name for name, item in vars(errors).items() if isinstance(item, type) and issubclass(item, LandlinkError)
    ]
    assert len(classes) >= 6
    for name in classes:
        assert name in errors.__doc__
        assert name in errors.__all__


def test_problem_names_table_row_column_value_and_what_is_allowed() -> None:
    problem = Problem("link", "is negative", row="RL001", column="length", value="-3", allowed="a number above 0")
    assert str(problem) == "link, row RL001, column length: is negative (found '-3'); allowed: a number above 0"


def test_problem_without_a_place_is_just_its_message() -> None:
    assert str(Problem("", "nothing to do")) == "nothing to do"


def test_line_numbers_are_not_called_rows() -> None:
    assert Problem("link", "cut", row="line 7").place == "link, line 7"


def test_input_error_keeps_every_problem() -> None:
    problems = [Problem("link", f"fault {i}") for i in range(50)]
    error = InputError(iter(problems))
    assert error.problems == tuple(problems)
    assert all(f"fault {i}" in str(error) for i in range(50))


def test_a_plain_text_is_one_problem() -> None:
    assert InputError("no").problems == (Problem("", "no"),)


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("cku-railwy", ["cku-railway", "closure"], "did you mean 'cku-railway'?"),
        ("CKU-RAILWAY", ["cku-railway"], "did you mean 'cku-railway'?"),
        ("zzz", ["alpha", "beta"], "known: alpha, beta"),
        # Codes that are alike by chance are not named beside the name that was meant, nor alone.
        ("Kashgr", ["KASH", "ASHG", "Kashgar"], "did you mean 'Kashgar'?"),
        ("Иркутск", ["Нукус", *(f"node{i}" for i in range(50))], ""),
        ("zzz", [f"measure{i}" for i in range(50)], ""),
    ],
)
def test_suggestion(name: str, known: list[str], expected: str) -> None:
    assert suggestion(name, known) == expected
