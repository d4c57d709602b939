"""Output of the commands: aligned tables, numbers, problems and JSON."""

from __future__ import annotations

import json
import math
import os
import shlex
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from landlink.core.errors import InputError, LandlinkError, OutputError, Problem

_DASH = "–"


def say(line: str = "") -> None:
    """Print one line of text.

    Raises
    ------
    OutputError
        Standard output cannot be written, as on a full disk.
    """
    with _as_output_error():
        print(line)


def flush() -> None:
    """Write what has been printed so far.

    Raises
    ------
    OutputError
        Standard output cannot be written, as on a full disk.
    """
    with _as_output_error():
        sys.stdout.flush()


@contextmanager
def _as_output_error() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"cannot print: {error.strerror or error}") from error


def command_line(*words: object) -> str:
    """Format a command for the system's shell, with words that contain spaces in quotes.

    Examples
    --------
    >>> command_line("landlink", "check", "study").split()
    ['landlink', 'check', 'study']
    """
    texts = [str(word) for word in words]
    return subprocess.list2cmdline(texts) if os.name == "nt" else shlex.join(texts)


def say_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document.

    NaN becomes ``null``, since JSON has no NaN. Signs that the output's encoding lacks are written as escapes.
    """
    plain = _plain(document)
    text = json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False)
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        text = json.dumps(plain, ensure_ascii=True, indent=2, allow_nan=False)
    say(text)


def number(value: float) -> str:
    """Format a number: thousands separators, millions and billions in words, three digits if small."""
    if not math.isfinite(value):
        return _DASH
    for size, word in ((1e9, "bn"), (1e6, "M")):
        if abs(value) >= 9.9995 * size:
            return f"{value / size:,.1f} {word}"
    if abs(value) >= 999.5 or value == 0:
        return f"{value:,.0f}"
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"


def change(before: float, after: float) -> str:
    """Format the change of a number in per cent."""
    if not (math.isfinite(before) and math.isfinite(after)) or before == 0:
        return _DASH
    if before == after:
        return "0 %"
    share = 100 * (after / before - 1)
    if abs(share) < 0.05:
        return "~0 %"
    return f"{share:+,.0f} %" if abs(share) >= 9.95 else f"{share:+.1f} %"


def grid(rows: Iterable[Sequence[str]], *, headers: Sequence[str] = (), right: Sequence[int] = ()) -> str:
    """Lay out cells in columns.

    Parameters
    ----------
    rows
        Cells as text.
    headers
        Column headers; empty for none.
    right
        Indices of right-aligned columns.

    Returns
    -------
    str
        Lines without trailing spaces. Chinese characters count as two columns wide.
    """
    lines = [list(headers)] * bool(headers) + [list(row) for row in rows]
    if not lines:
        return ""
    widths = [max(_width(line[column]) for line in lines) for column in range(len(lines[0]))]

    def cell(text: str, column: int) -> str:
        blanks = " " * (widths[column] - _width(text))
        return blanks + text if column in right else text + blanks

    return "\n".join("  ".join(cell(text, column) for column, text in enumerate(line)).rstrip() for line in lines)


def say_error(error: LandlinkError, *, as_json: bool) -> None:
    """Print an error as text on standard error, or as JSON on standard output."""
    if as_json:
        problems = error.problems if isinstance(error, InputError) else ()
        say_json(
            {
                "ok": False,
                "error": type(error).__name__,
                "message": str(error),
                "problems": [_problem_fields(problem) for problem in problems],
            }
        )
    elif isinstance(error, InputError) and (len(error.problems) > 1 or error.problems[0].table):
        _say_problems(error.problems, sys.stderr)
    else:
        print(f"landlink: {error}", file=sys.stderr)


def _say_problems(problems: Sequence[Problem], stream: TextIO) -> None:
    """List every problem, grouped by table and kind."""
    count = f"{len(problems):,} problem" + "s" * (len(problems) != 1)
    print(f"landlink: {count} found; nothing was done", file=stream)
    for table, kinds in _grouped(problems).items():
        print(f"\n{table or 'arguments'}", file=stream)
        for (column, message, allowed), group in kinds.items():
            head = f"column {column}: {message}" if column else message
            print(f"  {head}", file=stream)
            rows = [(_row_text(problem.row), _value_text(problem.value)) for problem in group]
            if any(row or value for row, value in rows):
                print("\n".join(f"    {line}" for line in grid(rows).splitlines()), file=stream)
            if allowed:
                print(f"    allowed: {allowed}", file=stream)


def _grouped(problems: Sequence[Problem]) -> dict[str, dict[tuple[str, str, str], list[Problem]]]:
    tables: dict[str, dict[tuple[str, str, str], list[Problem]]] = {}
    for problem in problems:
        kind = (problem.column, problem.message, problem.allowed)
        tables.setdefault(problem.table, {}).setdefault(kind, []).append(problem)
    return tables


def _row_text(row: str) -> str:
    return f"row {row}" if row and not row.startswith(("line ", "row ", "[")) else row


def _value_text(value: str) -> str:
    return f"found {value!r}" if value else ""


def _problem_fields(problem: Problem) -> dict[str, str]:
    return {name: getattr(problem, name) for name in ("table", "row", "column", "value", "allowed", "message")}


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _plain(value: Any) -> Any:
    """Copy a value to plain Python types that JSON supports."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if hasattr(value, "item") and not isinstance(value, str | bytes):  # a NumPy scalar
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)
