"""Output of the commands: aligned tables, numbers, problems and JSON.

Everything is printed through :func:`say` or :func:`say_json`. Titles, names and identifiers come from files of others,
so both show control characters and marks of direction as escapes.
"""

from __future__ import annotations

import math
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from landlink.core.errors import EnsembleError, InputError, LandlinkError, OutputError, Problem, brief
from landlink.core.json_text import plain
from landlink.core.printable import printable, printable_json

_DASH = "–"
#: Share of the larger of two figures below which the other one is nothing.
_NOTHING = 1e-6
#: Relative difference of two figures that is rounding, and the ratio from which a multiple reads better than per cent.
_SAME, _TIMES = 1e-12, 10.0
#: Ratio above which a multiple says only that there was next to nothing before.
_MOST_TIMES = 1000
#: Rows listed for one kind of problem; the rest are counted.
_MOST_ROWS = 100


def say(text: str | Iterable[str] = "", stream: TextIO | None = None) -> None:
    """Print one line of text, or several.

    A line break within a line is shown as an escape, like other control characters.

    Parameters
    ----------
    text
        A line, or lines such as those of :func:`grid`.
    stream
        Output stream; standard output by default.

    Raises
    ------
    OutputError
        Standard output cannot be written, as on a full disk.
    """
    for line in [text] if isinstance(text, str) else text:
        _write(printable(line), sys.stdout if stream is None else stream)


def flush() -> None:
    """Write what has been printed so far.

    Raises
    ------
    OutputError
        Standard output cannot be written, as on a full disk.
    """
    with _as_output_error():
        sys.stdout.flush()


def _write(text: str, stream: TextIO) -> None:
    with _as_output_error() if stream is not sys.stderr else _unless_lost():
        print(text, file=stream)


@contextmanager
def _as_output_error() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"cannot print: {error.strerror or error}") from error


@contextmanager
def _unless_lost() -> Iterator[None]:
    """Go on where standard error cannot be written: nothing can be said then, but the exit code still tells."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError:
        pass


def say_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document.

    NaN becomes ``null``, since JSON has no NaN. Signs that the output's encoding lacks are written as escapes.
    """
    values, encoding = plain(document), sys.stdout.encoding or "ascii"
    text = printable_json(values)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = printable_json(values, ascii_only=True)
    _write(text, sys.stdout)


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


def rough(value: float) -> str:
    """Format a figure of the model to two digits, as well as it is known.

    Examples
    --------
    >>> rough(589_937.0), rough(27_812_345.0), rough(64.7), rough(0.137), rough(-409.2)
    ('590,000', '28 M', '65', '0.14', '-410')
    """
    if not math.isfinite(value) or value == 0:
        return number(value)
    places = 1 - math.floor(math.log10(abs(value)) + 1e-12)
    kept = round(value, places)
    for size, word in ((1e9, "bn"), (1e6, "M")):
        if abs(kept) >= size:
            return f"{kept / size:,.{1 if abs(kept) < 10 * size else 0}f} {word}"
    return f"{kept:,.{max(0, 1 - math.floor(math.log10(abs(kept)) + 1e-12))}f}"


def points(before: float, after: float) -> str:
    """Format the difference of two percentages in percentage points.

    Examples
    --------
    >>> points(0.25, 2.5), points(12.0, 12.0), points(0.003, 0.098)
    ('+2.2 pp', '0 pp', '+0.095 pp')
    """
    gained = after - before
    if not math.isfinite(gained):
        return _DASH
    if not gained:
        return "0 pp"
    return f"{gained:+.2g} pp" if abs(gained) < 0.95 else f"{gained:+,.1f} pp"


def change(before: float, after: float) -> str:
    """Format the change of a number in per cent, or say that it begins at nothing or ends there.

    Examples
    --------
    >>> change(50.0, 75.0), change(0.0, 13.2), change(13.2, 0.0), change(1.0, 42.0)
    ('+50 %', 'new', 'gone', '×42')
    """
    nothing = [not math.isfinite(value) or abs(value) < _NOTHING * max(abs(before), abs(after)) or value == 0
               for value in (before, after)]  # fmt: skip
    if all(nothing):
        return "0 %" if before == after else _DASH
    if any(nothing):
        return "new" if nothing[0] else "gone"
    if math.isclose(before, after, rel_tol=_SAME):
        return "0 %"
    if after / before >= _TIMES:
        ratio = after / before
        return f"×{ratio:,.0f}" if ratio <= _MOST_TIMES else f"> ×{_MOST_TIMES:,}"
    share = 100 * (after / before - 1)
    if abs(share) < 0.05:
        return "~0 %"
    return f"{share:+,.0f} %" if abs(share) >= 9.95 else f"{share:+.1f} %"


def grid(rows: Iterable[Sequence[str]], *, headers: Sequence[str] = (), right: Sequence[int] = ()) -> list[str]:
    """Lay out cells in columns, safe to print.

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
    list of str
        Lines without trailing spaces. Chinese characters count as two columns wide, combining marks as none.
    """
    lines = [
        [printable(cell) for cell in line] for line in [list(headers)] * bool(headers) + [list(row) for row in rows]
    ]
    if not lines:
        return []
    widths = [max(_width(line[column]) for line in lines) for column in range(len(lines[0]))]

    def cell(text: str, column: int) -> str:
        blanks = " " * (widths[column] - _width(text))
        return blanks + text if column in right else text + blanks

    return ["  ".join(cell(text, column) for column, text in enumerate(line)).rstrip() for line in lines]


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
    elif isinstance(error, EnsembleError):
        say([f"landlink: {error.lines[0]}", *error.lines[1:]], sys.stderr)
    else:
        say(f"landlink: {error}", sys.stderr)


def _say_problems(problems: Sequence[Problem], stream: TextIO) -> None:
    """List every problem, grouped by table and kind."""
    count = f"{len(problems):,} problem" + "s" * (len(problems) != 1)
    say(f"landlink: {count} found; nothing was done", stream)
    for table, kinds in _grouped(problems).items():
        say(["", table or "arguments"], stream)
        for (column, message, allowed), group in kinds.items():
            say(f"  column {brief(column)}: {message}" if column else f"  {message}", stream)
            rows = [(_row_text(problem.row), _value_text(problem.value)) for problem in group[:_MOST_ROWS]]
            if any(row or value for row, value in rows):
                say((f"    {line}" for line in grid(rows)), stream)
            if len(group) > _MOST_ROWS:
                say(f"    and {len(group) - _MOST_ROWS:,} more", stream)
            if allowed:
                say(f"    allowed: {allowed}", stream)


def _grouped(problems: Sequence[Problem]) -> dict[str, dict[tuple[str, str, str], list[Problem]]]:
    tables: dict[str, dict[tuple[str, str, str], list[Problem]]] = {}
    for problem in problems:
        kind = (problem.column, problem.message, problem.allowed)
        tables.setdefault(problem.table, {}).setdefault(kind, []).append(problem)
    return tables


def _row_text(row: str) -> str:
    row = brief(row)
    return f"row {row}" if row and not row.startswith(("line ", "row ", "[")) else row


def _value_text(value: str) -> str:
    return f"found {brief(value)!r}" if value else ""


def _problem_fields(problem: Problem) -> dict[str, str]:
    return {name: getattr(problem, name) for name in ("table", "row", "column", "value", "allowed", "message")}


def _width(text: str) -> int:
    return sum(_columns(sign) for sign in text)


def _columns(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
