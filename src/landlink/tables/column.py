"""Declarative table schemas: columns with their types, units, bounds and meanings.

A :class:`Table` is data, not behaviour. The reader, the validator, the writer, the reference pages and the forms of
the desk all use the same declarations, so nothing about a table is written twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from landlink.core.file_names import ALLOWED
from landlink.core.languages import is_language_code

if TYPE_CHECKING:
    # Only for types: what lists schemas need not wait for pandas.
    import pandas as pd

Type = Literal[
    "text", "list", "number", "integer", "boolean", "date", "wkt",
    "hours", "shifts", "weekdays", "holidays", "season", "timetable", "datetime", "time_zone", "numbers", "settings",
    "shares",
]  # fmt: skip

#: Descriptions of what each column type accepts in a CSV cell, for messages and docs.
TYPE_MEANING: Final[dict[Type, str]] = {
    "text": "any text",
    "list": "texts separated by semicolons",
    "number": "a number with a decimal point, without thousands separators",
    "integer": "a whole number without thousands separators",
    "boolean": "0, 1, true or false",
    "date": "YYYY, YYYY-MM or YYYY-MM-DD",
    "wkt": "a geometry in well-known text, longitude before latitude",
    "hours": (
        "time ranges such as 08:00-20:00, separated by semicolons; a range may pass midnight, as in "
        "20:00-04:00, and begin with days of the week, as in mon-fri 08:00-20:00;sat 09:00-13:00"
    ),
    "shifts": (
        "a whole number such as 4, or one per shift: 08:00-16:00=4;16:00-20:00=2; a shift may begin with days"
        " of the week, as in mon-fri 08:00-16:00=4;sat sun=1"
    ),
    "weekdays": "days of the week separated by semicolons, mon;tue;wed;thu;fri;sat;sun, or ranges such as mon-fri",
    "holidays": "annual days MM-DD, single days YYYY-MM-DD, or ranges of either with /, separated by semicolons",
    "season": "date ranges MM-DD/MM-DD within the year, both ends included, separated by semicolons",
    "timetable": (
        "times such as 08:00, separated by semicolons; a time may begin with days of the week and end with a "
        "number of vehicles, as in mon-fri 14:00=30; 06:00-22:00/02:00 is every two hours from 06:00 to 22:00"
    ),
    "datetime": (
        "a date with a time such as 2024-06-03T14:00+06:00; without an offset from UTC, the local time of the crossing"
    ),
    "time_zone": "a name of the IANA time zone database, such as Asia/Bishkek",
    "numbers": "numbers with a decimal point, separated by semicolons",
    "settings": "name=value pairs separated by semicolons",
    "shares": "one name, or name=share pairs separated by semicolons whose shares add to 1, as in CHN=0.75;JPN=0.25",
}


#: pandas types of the columns returned by the reader.
DTYPES: Final = dict.fromkeys(TYPE_MEANING, "str") | {"number": "float64", "integer": "Int64", "boolean": "bool"}

#: Kinds of pandas types that conform to a column type; all others are texts, of the kind "O".
_KINDS: Final[dict[Type, str]] = {"number": "fiu", "integer": "iu", "boolean": "b"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name
        Column header; the GMNS name if GMNS defines the column.
    type
        One of :data:`TYPE_MEANING`.
    meaning
        Description in one sentence, shown in docs and forms.
    unit
        Unit of a number; empty for dimensionless numbers and text.
    required
        Whether the column must be present with every cell filled.
    default
        Value of an empty cell or of an absent optional column; ``None`` leaves it empty.
    minimum, maximum
        Inclusive bounds of a number.
    above
        Exclusive lower bound of a number.
    allowed
        Accepted texts; empty if any text is accepted.
    references
        ``"table.column"`` that must contain the value (each item of a list).
    key
        Whether the column is part of the table's primary key.
    length
        Number of values in a cell of the type ``numbers``.
    named
        Whether lists, effects and indicators refer to rows by this column; it must not contain their separators.
    file_name
        ``whole`` if files and folders are named after the values; ``parts`` if a value may name two posts, as in
        ``A/B``, each of which must be such a name. Empty if no file is.
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
    file_name: Literal["", "whole", "parts"] = ""
    length: int | None = None

    def holds(self, values: pd.Series) -> bool:
        """Whether the values of a frame's column have the type of this column."""
        import pandas as pd  # noqa: PLC0415  whoever has values has loaded it

        if kinds := _KINDS.get(self.type):
            return values.dtype.kind in kinds
        if isinstance(values.dtype, pd.StringDtype):
            return not values.hasnans
        return values.dtype.kind == "O" and all(isinstance(value, str) for value in values)

    @property
    def accepts(self) -> str:
        """Description of the accepted values: the "allowed" part of every problem message."""
        if self.allowed:
            return "one of " + ", ".join(self.allowed)
        words = TYPE_MEANING[self.type]
        if self.length is not None:
            words = f"{self.length} {words}"
        if self.named:
            words += " without ; , [ or ], and without leading or trailing blanks"
        if self.file_name:
            words += f"; {ALLOWED}" + (", or several of them joined by /" if self.file_name == "parts" else "")
        if self.above is not None:
            words += f", above {self.above:g}"
        if self.minimum is not None:
            words += f", {'each ' if self.type == 'numbers' else ''}at least {self.minimum:g}"
        if self.maximum is not None:
            words += f", at most {self.maximum:g}"
        if self.references:
            words += f", present in {self.references}"
        return words


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a study, stored in a CSV file of the same name."""

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
        """Columns of the primary key."""
        return tuple(column.name for column in self.columns if column.key)

    def is_own(self, column: str) -> bool:
        """Whether a column belongs to the user: its name begins with ``x_`` and is not in the schema."""
        return column.startswith("x_") and column not in self.by_name

    def further_language(self, column: str) -> str:
        """Language of a name in a language that is not in the schema, for a study may declare more; else empty.

        Examples
        --------
        >>> towns = Table("town", "Towns.", (Column("town_id", "text", "Town."), Column("name_en", "text", "Name.")))
        >>> towns.further_language("name_sw"), towns.further_language("name_en"), towns.further_language("town_id")
        ('sw', '', '')
        """
        stem, _, code = column.partition("_")
        named = stem == "name" and "name_en" in self.by_name and column not in self.by_name
        return code if named and is_language_code(code) else ""

    def is_additional(self, column: str) -> bool:
        """Whether a column may follow those of the schema: one of the user's own, or names in a further language."""
        return self.is_own(column) or bool(self.further_language(column))

    def mismatches(self, frame: pd.DataFrame) -> list[str]:
        """Differences between a frame and this schema: columns, their order and their types; none if it conforms.

        Names in further languages and columns of the user's own may follow those of the schema.

        Examples
        --------
        >>> import pandas as pd
        >>> lanes = Table("lane", "Lanes.", (Column("lane_id", "text", "Lane."), Column("width_m", "number", "Width.")))
        >>> lanes.mismatches(pd.DataFrame({"lane_id": ["a"], "width_m": ["wide"]}))
        ['lane.width_m: values of type str, declared as number']
        """
        return [*self._column_mismatches([str(name) for name in frame]), *self.type_mismatches(frame)]

    def typed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Convert the columns of a frame to the types of this schema."""
        return frame.astype({column.name: DTYPES[column.type] for column in self.columns if column.name in frame})

    def _column_mismatches(self, present: list[str]) -> Iterator[str]:
        known = [name for name in present if name in self.by_name]
        yield from (f"{self.name}.{name}: missing" for name in self.by_name if name not in present)
        yield from (
            f"{self.name}.{name}: not declared"
            for name in present
            if not (name in self.by_name or self.is_additional(name))
        )
        if present[: len(known)] != [name for name in self.by_name if name in known]:
            yield f"{self.name}: columns in the order {', '.join(present)}"

    def type_mismatches(self, frame: pd.DataFrame) -> Iterator[str]:
        """Columns whose values are of another type than declared."""
        for column in self.columns:
            if column.name in frame and not column.holds(frame[column.name]):
                yield f"{self.name}.{column.name}: values of type {frame[column.name].dtype}, declared as {column.type}"
