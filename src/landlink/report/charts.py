"""Charts as responsive inline SVG: lengths are percentages of the width, text has a fixed size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from landlink.report.labels import wrapped
from landlink.report.svg import picture, tag

__all__ = ["Axis", "Swing", "tornado"]

#: Width of a chart on a telephone, size of its texts and distance of their lines, pixels; how much wider bold ones are.
_NARROW: Final = 345.0
_SIZE: Final = 13.0
_LINE: Final = 16
_BOLD: Final = 1.1


@dataclass(frozen=True, slots=True)
class Axis:
    """Horizontal positions along the reading direction: from the left, or from the right in right-to-left scripts."""

    rtl: bool

    def at(self, share: float) -> str:
        """Return the x of a point at a share of the width."""
        return f"{100 * (1 - share if self.rtl else share):.3f}%"

    def span(self, start: float, end: float) -> dict[str, str]:
        """Return x and width of a bar between two shares of the width."""
        low, high = min(start, end), max(start, end)
        return {"x": f"{100 * (1 - high if self.rtl else low):.3f}%", "width": f"{100 * (high - low):.3f}%"}

    def shift(self, pixels: float) -> float:
        """Return a shift in pixels in the reading direction."""
        return -pixels if self.rtl else pixels


@dataclass(frozen=True, slots=True)
class Swing:
    """Effect of one input on the headline: its name, the headline at its low and high value, and labels of both."""

    text: str
    low: float
    high: float
    low_text: str
    high_text: str


def tornado(
    identifier: str, title: str, description: str, swings: Sequence[Swing], *, base: float, base_text: str, rtl: bool
) -> Markup:
    """Draw a tornado chart: the effect of each input on the headline, the largest first.

    Parameters
    ----------
    identifier
        Prefix of element ids.
    title, description
        Accessible title and description.
    swings
        Inputs from top to bottom.
    base
        Headline value of the base case.
    base_text
        Label of the base value.
    rtl
        Whether the axis runs from right to left.
    """
    axis = Axis(rtl)
    values = [base, *(value for swing in swings for value in (swing.low, swing.high))]
    low, high = min(values), max(values)
    reach = (high - low) or abs(base) or 1.0

    def place(value: float) -> float:
        return 0.24 + 0.52 * (value - low) / reach

    names = [wrapped(swing.text, _NARROW / _BOLD, _SIZE) for swing in swings]
    height = 24 + 44 * len(swings) + _LINE * sum(len(lines) - 1 for lines in names)
    pieces = [
        tag("text", base_text, x=axis.at(place(base)), y=13, text_anchor="middle", class_="soft"),
        tag("line", x1=axis.at(place(base)), x2=axis.at(place(base)), y1=19, y2=height, class_="rule"),
    ]
    y = 26 - 44
    for swing, lines in zip(swings, names, strict=True):
        y += 44
        pieces += [
            tag("text", line, x=axis.at(0), y=y + 11 + _LINE * place, class_="lead plate")
            for place, line in enumerate(lines)
        ]
        y += _LINE * (len(lines) - 1)
        # The longer bar is drawn first, so that the shorter stays visible if both are on one side.
        ends = [(swing.low, swing.low_text, "low"), (swing.high, swing.high_text, "high")]
        same_side = (swing.low - base) * (swing.high - base) > 0
        for value, text, class_ in sorted(ends, key=lambda end: -abs(end[0] - base)):
            tooltip = tag("title", f"{swing.text}: {text}")
            pieces.append(
                tag("rect", tooltip, y=y + 17, height=14, class_=class_, **axis.span(place(base), place(value)))
            )
            outward = value >= base if value != base else class_ == "high"
            pieces.append(
                tag(
                    "text",
                    text,
                    x=axis.at(place(value)),
                    dx=axis.shift(5 if outward else -5),
                    y=y + 28,
                    text_anchor="start" if outward else "end",
                    class_="hidden"
                    if same_side and abs(value - base) < max(abs(e[0] - base) for e in ends)
                    else "soft",
                )
            )
    return picture(identifier, title, description, *pieces, class_="chart", width="100%", height=height)
