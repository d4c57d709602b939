"""Dated arrival counts: when each hour of the table ``arrival_count`` is, and which hours of a series lack a count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import pairwise

from landlink.tables.frames import Row
from landlink.tables.timetable_cells import parse_datetime

__all__ = ["filled_counts", "hour_of", "missing_hours"]

#: Hours since 1970-01-01 in UTC; those of a crossing are whole numbers apart, whatever its time zone.
Hour = float


def hour_of(text: str, zone: tzinfo | None) -> Hour:
    """Convert a cell to the hours since 1970 in UTC.

    Parameters
    ----------
    text
        Date and time, with or without an offset from UTC.
    zone
        Time zone of the crossing; ``None`` if it states none.

    Raises
    ------
    ValueError
        The text is not the begin of an hour of the clock at the crossing; or it has no offset and the crossing no time
        zone, or its local time does not exist or comes twice.
    """
    moment = parse_datetime(text)
    if moment.tzinfo is None:
        if zone is None:
            raise ValueError(f"{text} has no offset from UTC, and the crossing no time zone")
        moment = _from_local(moment, zone)
    local = moment.astimezone(zone or UTC)
    if local.minute or local.second:
        raise ValueError(f"{text} is {local:%H:%M:%S} at the crossing, not a full hour")
    return moment.timestamp() / 3600.0


def _from_local(moment: datetime, zone: tzinfo) -> datetime:
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        raise ValueError(f"{moment:%Y-%m-%dT%H:%M} does not exist at the crossing: its clocks were put forward then")
    if first.utcoffset() != second.utcoffset():
        both = " or ".join(one.isoformat(timespec="minutes") for one in (first, second))
        raise ValueError(
            f"{moment:%Y-%m-%dT%H:%M} comes twice at the crossing, when its clocks are put back; write {both}"
        )
    return first


def missing_hours(counted: Sequence[Hour]) -> list[tuple[Hour, int]]:
    """List the gaps between ascending counted hours: the first hour without a count, and the number of them."""
    return [(before + 1.0, int(after - before) - 1) for before, after in pairwise(counted) if after - before > 1.5]


def filled_counts(rows: Sequence[Row], gaps: str, zone: tzinfo | None) -> Mapping[Hour, float]:
    """Map the hours of one series of counts to vehicles, in order of time.

    Parameters
    ----------
    rows
        Rows of the table ``arrival_count`` for one direction and class of a crossing.
    gaps
        Cell ``count_gaps`` of the table ``arrival``: hours without a count are left out, or with ``interpolate``
        filled linearly between the counts before and after.
    zone
        Time zone of the crossing.
    """
    found = dict(sorted((hour_of(row["begins"], zone), float(row["vehicles"])) for row in rows))
    if gaps != "interpolate":
        return found
    for first, number in missing_hours(list(found)):
        low, high = found[first - 1.0], found[first + number]
        for step in range(number):
            found[first + step] = low + (high - low) * (step + 1) / (number + 1)
    return dict(sorted(found.items()))
