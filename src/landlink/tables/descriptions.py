"""Columns in words, for the reference pages and the command line: what a cell may hold, and what an empty one means."""

from __future__ import annotations

from landlink.tables.column import Column

__all__ = ["allowed_values", "default_text"]


def default_text(column: Column) -> str:
    """Value that an empty cell or an absent column has; empty if it has none.

    Examples
    --------
    >>> default_text(Column("toll", "number", "Toll.", default=0.0))
    '0'
    """
    value = column.default
    if value is None or isinstance(value, bool):
        return "" if value is None else str(int(value))
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def allowed_values(column: Column, *, quote: str = "") -> str:
    """Accepted texts, bounds and references of a column; empty if any value of its type is accepted.

    Parameters
    ----------
    column
        The column.
    quote
        Mark before and after names, such as a backtick.

    Examples
    --------
    >>> allowed_values(Column("share", "number", "Share.", minimum=0, maximum=1))
    '0 to 1'
    >>> allowed_values(Column("mode", "text", "Mode.", references="vehicle.mode"))
    'values of vehicle.mode'
    """
    parts = [f"{quote}{value}{quote}" for value in column.allowed]
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        parts.append(f"{_number(low)} to {_number(high)}")
    elif low is not None or column.above is not None:
        parts.append(f"above {_number(column.above or 0)}" if low is None else f"{_number(low)} or more")
    if low is None and high is not None:
        parts.append(f"at most {_number(high)}")
    parts += [f"values of {quote}{column.references}{quote}"] * bool(column.references)
    return ", ".join(parts)


def _number(value: float) -> str:
    return f"{value:.15g}".replace("-", "−")
