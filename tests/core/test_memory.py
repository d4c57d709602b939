"""The memory that is there, what is refused for want of it, and how sizes are said."""

from __future__ import annotations

import subprocess
import sys

import pytest

from landlink.core.errors import InputError
from landlink.core.memory import available_memory, check_memory, in_bytes, memory_problem

_UNDER_A_LIMIT = """
import resource
from landlink.core.memory import available_memory
before = available_memory()
resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))
print(0 <= available_memory() <= 2**31, before > 2**31 or before)
"""


def test_some_memory_is_there() -> None:
    assert 2**20 < available_memory() < 2**60


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not hold to the limit")
def test_a_limit_of_the_shell_counts() -> None:
    told = subprocess.run([sys.executable, "-c", _UNDER_A_LIMIT], capture_output=True, text=True, check=True)
    assert told.stdout.startswith("True")


def test_what_fits_is_allowed_and_what_does_not_is_refused_by_name() -> None:
    check_memory(0, "nothing")
    check_memory(1e6, "little")
    assert memory_problem(available_memory() / 4, "a quarter") is None
    with pytest.raises(InputError) as caught:
        check_memory(1e18, "a matrix of 353,553,391 zones", table="x.tntp", row="line 1", column="zones", value="4e8")
    (problem,) = caught.value.problems
    assert (problem.table, problem.row, problem.column, problem.value) == ("x.tntp", "line 1", "zones", "4e8")
    assert problem.message == "a matrix of 353,553,391 zones would take 888 PiB of memory"
    assert problem.allowed.startswith("what fits into the ")


@pytest.mark.parametrize("need", [float("inf"), 1e300, 10**400])
def test_needs_without_end_are_refused(need: float) -> None:
    assert memory_problem(need, "too much") is not None


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1023, "1,023 bytes"),
        (1024, "1 KiB"),
        (298.1 * 2**30, "298 GiB"),
        (1e300, "8.67e+281 EiB"),
        (float("inf"), "endless bytes"),
    ],
)
def test_sizes_are_said_in_binary_units(size: float, text: str) -> None:
    assert in_bytes(size) == text
