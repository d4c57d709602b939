"""Lists of problems stay short, and count what they leave out."""

from __future__ import annotations

from landlink.core.errors import InputError, Problem, brief, first_suggestions, listed, suggestion
from landlink.core.problem_list import ProblemList, shortened


def _faults(count: int, message: str = "bad", column: str = "c") -> list[Problem]:
    return [Problem("t", message, f"line {i}", column) for i in range(count)]


def test_the_first_are_listed_and_the_others_counted() -> None:
    assert listed(_faults(50)) == _faults(50)
    found = listed(iter(_faults(1050)))
    assert found[:50] == _faults(50)
    assert [str(problem) for problem in found[50:]] == ["t, column c: bad: 1,000 rows more"]


def test_each_kind_is_counted_on_its_own() -> None:
    found = ProblemList(most=2)
    assert not found
    found.extend([*_faults(3), *_faults(1, "worse"), *_faults(3, column="d")])
    assert found
    assert [problem.message for problem in found.listed()] == ["bad", "bad", "worse", "bad: 4 rows more"]
    assert len(shortened([*_faults(60), *_faults(60, column="d")])) == 102
    assert len(shortened([*_faults(60), *_faults(60, column="d")], by_column=False)) == 51


def test_long_values_are_cut_and_names_without_end_not_searched() -> None:
    assert brief("9" * 200) == "9" * 200
    assert brief("9" * 5000) == "9" * 200 + "... (5,000 characters)"
    assert "(5,000 characters)" in str(Problem("t", "bad", value="9" * 5000))
    assert suggestion("abx" * 100, ["abc"] * 20) == ""
    assert suggestion("abx", [f"abc{i}" for i in range(100_000)]) == ""


def test_only_the_first_unknown_names_are_searched() -> None:
    near = first_suggestions(2)
    assert near("abx", {"abc"}) == near("abx", {"abc"}) == "did you mean 'abc'?"
    assert near("aby", {"abc"}) == "did you mean 'abc'?"
    assert near("abz", {"abc"}) == ""


def test_an_error_is_safe_to_print() -> None:
    error = InputError([Problem("a\x1b", "b\u202e", "c\n", "d", "e\x9b", "f"), Problem("", "g\r")])
    assert str(error) == "2 problems\n  a\\x1b, row c\\n, column d: b\\u202e (found 'e\\x9b'); allowed: f\n  g\\r"
