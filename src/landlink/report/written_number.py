"""A number as it is written for a reader that still knows its value, so that tables can be sorted and copied."""

from __future__ import annotations

from typing import Self

__all__ = ["WrittenNumber"]


class WrittenNumber(str):
    """A written number with the value behind it.

    What is written before or after it by ``+`` keeps the value: a mark that a figure is not determined, or a change in
    brackets behind it. Anything else done to it gives a plain text.

    Parameters
    ----------
    text
        The number as it is written.
    value
        Its value before rounding, in ``unit``.
    unit
        Unit of the value, where the text holds one.

    Examples
    --------
    >>> figure = "≈" + WrittenNumber("1.2 Mt/year", 1234567.0, "t/year")
    >>> figure, figure.value, figure.unit
    ('≈1.2 Mt/year', 1234567.0, 't/year')
    """

    __slots__ = ("unit", "value")

    value: float
    unit: str

    def __new__(cls, text: str, value: float, unit: str = "") -> Self:
        """Attach a value to a text."""
        figure = super().__new__(cls, text)
        figure.value = value
        figure.unit = unit
        return figure

    def __add__(self, other: str) -> WrittenNumber:
        """Return the figure with more written behind it."""
        if hasattr(other, "__html__"):
            return NotImplemented  # markup escapes what it is joined with
        return WrittenNumber(str.__add__(self, other), self.value, self.unit)

    def __radd__(self, other: str) -> WrittenNumber:
        """Return the figure with more written before it."""
        return WrittenNumber(other + str(self), self.value, self.unit)

    def attributes(self) -> dict[str, str]:
        """Return the attributes of a cell that holds the figure."""
        found = {"data_value": f"{self.value:.7g}"} if self.value == self.value else {}
        return found | ({"data_unit": self.unit} if found and self.unit else {})
