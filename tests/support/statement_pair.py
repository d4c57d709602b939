"""Short statements read into registers, for the tests of comparisons and tracks."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path

from landlink.statement.comparison import Comparison, ComparisonLine, compare
from landlink.statement.reading import read
from landlink.statement.register import Register
from landlink.statement.register_draft import draft_register

BEFORE = """\
Kazakhstan and Uzbekistan agreed to raise the number of trucks at the Gisht Kuprik crossing to 700 a day by 2024.
The two sides are ready to build a second bridge over the Syr Darya.
They will reduce the time that a truck spends at the border to six hours.
The two sides will open the crossing at Saryagash to freight trucks.
They will hold a joint film festival in Shymkent.
The two sides will exchange customs data electronically.
"""
AFTER = """\
Kazakhstan and Uzbekistan agreed to raise the number of trucks at the Gisht Kuprik crossing to 900 a day by 2024.
The two sides will build a second bridge over the Syr Darya by 2028.
They will reduce the time that a truck spends at the border to eight hours.
The two sides will close the crossing at Saryagash to freight trucks.
The two sides will exchange customs data electronically.
They agreed to award 100 scholarships a year to students of medicine.
"""
#: What corresponds in the two: identifiers and kind.
KINDS = {
    ("C01", "C01"): "hardened",
    ("C02", "C02"): "hardened",
    ("C03", "C03"): "softened",
    ("C04", "C04"): "contradictory",
    ("C06", "C05"): "unchanged",
    (None, "C06"): "new",
    ("C05", None): "dropped",
}


@lru_cache(maxsize=4096)
def drafted(text: str, issued: str | None = None, title: str | None = None) -> Register:
    """A register as the reader drafts it."""
    return draft_register(read(text), issued=dt.date.fromisoformat(issued) if issued else None, title=title)


def pair() -> tuple[Register, Register]:
    """The two statements above."""
    return drafted(BEFORE, "2022-12-22", "Summit of 2022"), drafted(AFTER, "2025-08-29", "Summit of 2025")


def line(before: str, after: str) -> ComparisonLine:
    """The one pair of two statements of one clause each."""
    found = compare(drafted(before, "2022-01-01"), drafted(after, "2025-01-01")).lines
    assert len(found) == 1, [(one.kind, one.nearest) for one in found]
    return found[0]


def what(one: ComparisonLine) -> set[str]:
    """What changed in a line, but for mere words."""
    return {change.what for change in one.changes} - {"reworded"}


def kinds(found: Comparison) -> dict[tuple[str | None, str | None], str]:
    """Kind of each line by the identifiers of its clauses."""
    return {
        (one.before.id if one.before else None, one.after.id if one.after else None): one.kind for one in found.lines
    }


def programme(folder: Path) -> Path:
    """A folder with three registers, three years apart."""
    folder.mkdir()
    first = "\n".join(BEFORE.replace("700 a day by 2024", "500 a day by 2022").splitlines()[i] for i in (0, 1, 4))
    drafted(first, "2019-04-15", "Summit of 2019").save(folder / "y2019.yaml")
    middle = "\n".join(line for line in BEFORE.splitlines() if "film" not in line)
    drafted(middle, "2022-12-22", "Summit of 2022").save(folder / "y2022.yaml")
    last = AFTER.replace(
        "They agreed to award 100 scholarships a year to students of medicine.",
        "They will hold a joint film festival in Almaty.",
    )
    drafted(last, "2025-08-29", "Summit of 2025").save(folder / "y2025.yaml")
    return folder
