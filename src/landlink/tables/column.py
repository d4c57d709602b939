"""What a table of a study looks like: its columns, their types, units, bounds and meaning.

A :class:`Table` is data, not behaviour. The reader, the validator, the writer, the docs' reference pages and the forms
of the desk all walk the same declarations, so nothing about a table is written twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

Type = Literal[
    "text", "list", "number", "integer", "boolean", "date", "wkt",
    "hours", "shifts", "weekdays", "holidays", "season", "time_zone", "numbers", "settings",
]  # fmt: skip

#: What each column type accepts in a CSV cell, in words for messages and docs.
TYPE_MEANING: Final[dict[Type, str]] = {
    "text": "any text",
    "list": "texts separated by semicolons",
    "number": "a number with a decimal point, without thousands separators",
    "integer": "a whole number without thousands separators",
    "boolean": "0, 1, true or false",
    "date": "YYYY, YYYY-MM or YYYY-MM-DD",
    "wkt": "a geometry in well-known text, longitude before latitude",
    "hours": "ranges of the day such as 08:00-20:00, several separated by semicolons; 20:00-04:00 passes midnight",
    "shifts": "a whole number such as 4, or one for each shift: 08:00-16:00=4;16:00-20:00=2",
    "weekdays": "days of the week separated by semicolons, mon;tue;wed;thu;fri;sat;sun, or ranges such as mon-fri",
    "holidays": "days MM-DD of every year or YYYY-MM-DD of one, or ranges of them with /, separated by semicolons",
    "season": "ranges of the year MM-DD/MM-DD, both ends included, separated by semicolons",
    "time_zone": "a name of the IANA time zone database, such as Asia/Bishkek",
    "numbers": "numbers with a decimal point, separated by semicolons",
    "settings": "name=value pairs separated by semicolons",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name
        Column header; GMNS's own name where GMNS has one.
    type
        One of :data:`TYPE_MEANING`.
    meaning
        One sentence for people; printed in docs and forms.
    unit
        Unit of a number, empty for pure numbers and text.
    required
        Whether the column must be there and every cell filled.
    default
        What an empty cell or an absent optional column means. ``None`` keeps it empty.
    minimum, maximum
        Closed bounds of a number.
    above
        Open lower bound of a number.
    allowed
        The only texts accepted; empty when any text is.
    references
        ``"table.column"`` a value (each item of a list) must exist in.
    key
        Whether the column is part of the table's primary key.
    length
        How many numbers a cell of the type ``numbers`` holds.
    named
        Whether lists, effects and indicators name rows by it, so that it holds no sign that parts names there.
    """

    name: str
    type: Type
    meaning: str
    unit: str = ""
    required: bool = False
    default: str | float | int | bool | None = None
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    allowed: tuple[str, ...] = ()
    references: str = ""
    key: bool = False
    named: bool = False
    length: int | None = None

    @property
    def accepts(self) -> str:
        """What a cell may hold, in words: the "allowed" part of every problem message."""
        if self.allowed:
            return "one of " + ", ".join(self.allowed)
        words = TYPE_MEANING[self.type]
        if self.length is not None:
            words = f"{self.length} {words}"
        if self.named:
            words += " without ; , [ or ], and without blanks at its ends"
        if self.above is not None:
            words += f", above {self.above:g}"
        if self.minimum is not None:
            words += f", {'each ' if self.type == 'numbers' else ''}at least {self.minimum:g}"
        if self.maximum is not None:
            words += f", at most {self.maximum:g}"
        if self.references:
            words += f", one that stands in {self.references}"
        return words


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a study: a CSV file of the same name."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    required: bool = False
    gmns: bool = False
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def file_name(self) -> str:
        """Name of the table's file in a study folder."""
        return f"{self.name}.csv"

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that together identify a row."""
        return tuple(column.name for column in self.columns if column.key)

    def is_own(self, column: str) -> bool:
        """Whether a column is the user's own: it begins with ``x_`` and the schema does not know it (``x_coord``)."""
        return column.startswith("x_") and column not in self.by_name
