"""Units of a GMNS network: stated by the user, by column names or by the config, else inferred where only one fits.

A unit fits if the lengths of links, in that unit, are as long as the distances that they cover or moderately longer.
Where two units fit, or a stated one does not, the user is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem, suggestion
from landlink.formats.gmns_coordinates import DRAWING
from landlink.formats.gmns_files import GmnsFiles, length_column, speed_column
from landlink.formats.gmns_numbers import KM, KMH

__all__ = ["LENGTH_UNITS", "SPEED_UNITS", "Evidence", "Units", "length_unit", "units_of"]

#: Units that a user may state, and those tried where none is stated.
LENGTH_UNITS: Final = ("km", "mi", "m", "ft")
SPEED_UNITS: Final = ("kph", "mph", "m/s")
#: Shortest and longest median detour at which a unit fits, and the longest that is usual for roads (Ballou et al. 2002
#: find 1.1 to 2.1 by country).
SHORTEST: Final = 0.98
LONGEST: Final = 4.0
USUAL: Final = 1.6
#: The same if geometries show the way: lengths are then those of the geometries.
SHORTEST_DRAWN: Final = 0.85
LONGEST_DRAWN: Final = 1.2
#: Median detours at which a stated unit is believed.
_BELIEVED: Final = (0.6, 10.0)
_LONG_ENOUGH_KM: Final = 0.02


@dataclass(frozen=True)
class Evidence:
    """What the lengths of links can be compared with.

    Attributes
    ----------
    straight_km
        Great-circle distance between the ends of each link, km; shape (links,).
    drawn_km
        Length of the geometry of each link, km; NaN if it has none that bends.
    """

    straight_km: Floats
    drawn_km: Floats

    def detour(self, lengths: Floats) -> tuple[float, bool]:
        """Median of length over distance, NaN if no link can be compared; and whether the distances are drawn."""
        drawn = np.isfinite(lengths) & (lengths > 0) & (self.drawn_km > _LONG_ENOUGH_KM)
        if drawn.any():
            return float(np.median(lengths[drawn] / self.drawn_km[drawn])), True
        straight = np.isfinite(lengths) & (lengths > 0) & (self.straight_km > _LONG_ENOUGH_KM)
        if straight.any():
            return float(np.median(lengths[straight] / self.straight_km[straight])), False
        return float("nan"), False


@dataclass(frozen=True, slots=True)
class Units:
    """Conversion factors to km, km/h, m of elevation and USD; not ``settled`` if a question about them is left."""

    km: float
    kmh: float
    elevation_m: float
    usd: float
    settled: bool = True


def units_of(files: GmnsFiles, config: Mapping[str, str], evidence: Evidence) -> Units:
    """Determine the units of a network.

    Units that are unknown, or that contradict one another or the distances, and the question which of several is meant
    are added to the problems.
    """
    unit, kmh, settled = "km", 1.0, False
    problems: list[Problem] = []
    short = _factor(config, "short_length", KM, problems)
    _factor(config, "long_length", KM, problems)
    of_config = _factor(config, "speed", KMH, problems)
    files.problems += problems
    if not any(problem.table == "config" for problem in files.problems):
        with files.collecting():
            unit = length_unit(files, config, evidence)
            settled = True
        with files.collecting():
            kmh = _speed(files, config, of_config, unit)
    usd = _currency(files, config.get("currency", ""))
    return Units(KM[unit], kmh, 1.0 if short is None else short * 1000, usd, settled)


def length_unit(files: GmnsFiles, config: Mapping[str, str], evidence: Evidence) -> str:
    """Unit of link lengths, as a name in :data:`KM`."""
    column, of_column = length_column(files)
    lengths = files.measured("link", column, KM).values if column else np.full(len(evidence.straight_km), np.nan)
    ratio, drawn = evidence.detour(lengths)
    of_config = _name(config.get("long_length", ""))
    asked = files.options.length_unit
    if asked:
        _believe(files, asked, "--length-unit", ratio, drawn)
        return asked
    if of_column and of_config and KM[of_column] != KM[of_config]:
        said = {f"the column {column} says {of_column}": of_column, f"config.long_length says {of_config}": of_config}
        raise _ask(said, ratio, drawn, "two units are stated for the lengths of links")
    if stated := of_column or of_config:
        return _stated(files, config, stated, column if of_column else "config.long_length", ratio, drawn)
    return _inferred(files, ratio, drawn)


def _stated(files: GmnsFiles, config: Mapping[str, str], stated: str, where: str, ratio: float, drawn: bool) -> str:
    """The stated unit if the distances allow it; else the config's other one if that fits."""
    found = ratio * KM[stated]
    if np.isnan(ratio) or _BELIEVED[0] <= found <= _BELIEVED[1]:
        return stated
    other = _name(config.get("short_length", ""))
    if where == "config.long_length" and other and _fits(ratio * KM[other], drawn):
        text = (
            f"Check that link lengths are in {_same_unit(other)}, the config's short_length: {ratio * KM[other]:.3g} "
            f"times the distances; in {_same_unit(stated)}, its long_length, they would be {found:,.4g} times."
        )
        files.report.add("assumed", "link", text)
        return other
    raise _ask(
        {f"{where} says {stated}": stated} | {f"{unit} fits": unit for unit in _fitting(ratio, drawn)}, ratio, drawn,
        f"lengths are {found:.3g} times the great-circle distances between the ends of the links",
    )  # fmt: skip


def _inferred(files: GmnsFiles, ratio: float, drawn: bool) -> str:
    if np.isnan(ratio):
        files.report.add(
            "assumed", "link", "Check that link lengths are in km: no unit is stated, and none can be compared."
        )
        return "km"
    fitting = _fitting(ratio, drawn)
    # Kilometres are the unit of landlink's own tables.
    if "km" in fitting and (drawn or ratio <= USUAL):
        fitting = ["km"]
    if len(fitting) == 1:
        unit = fitting[0]
        compared = "their geometries" if drawn else "distances between nodes"
        text = f"Check that link lengths are in {unit}: inferred from {compared}, {ratio * KM[unit]:.3g} times as long."
        files.report.add("assumed", "link", text)
        return unit
    if fitting:
        raise _ask({unit: unit for unit in fitting}, ratio, drawn, "no unit of lengths is stated, and several fit")
    message = (
        "no unit of lengths is stated, and none fits: the coordinates look like those of a drawing, no place on Earth"
    )
    raise _ask({unit: unit for unit in LENGTH_UNITS}, ratio, drawn, message, drawing=True)


def _fits(found: float, drawn: bool) -> bool:
    low, high = (SHORTEST_DRAWN, LONGEST_DRAWN) if drawn else (SHORTEST, LONGEST)
    return low <= found <= high


def _fitting(ratio: float, drawn: bool) -> list[str]:
    return [unit for unit in LENGTH_UNITS if _fits(ratio * KM[unit], drawn)]


def _believe(files: GmnsFiles, unit: str, where: str, ratio: float, drawn: bool) -> None:
    found = ratio * KM[unit]
    if files.options.crs.lower() == DRAWING or np.isnan(ratio) or _BELIEVED[0] <= found <= _BELIEVED[1]:
        return
    message = f"lengths are {found:.3g} times the great-circle distances between the ends of the links"
    fits = {f"{where} says {unit}": unit} | {f"{other} fits": other for other in _fitting(ratio, drawn)}
    raise _ask(fits, ratio, drawn, message, drawing=True)


def _ask(readings: Mapping[str, str], ratio: float, drawn: bool, message: str, *, drawing: bool = False) -> InputError:
    """A question: what each reading would mean, and how to answer."""
    distances = "their geometries" if drawn else "the distances between their ends"
    meaning = "; ".join(f"{what}: {ratio * KM[unit]:,.3g} times {distances}" for what, unit in readings.items())
    options = " or ".join(
        f"--length-unit {unit if unit in LENGTH_UNITS else _same_unit(unit)}"
        for unit in dict.fromkeys(readings.values())
    )
    allowed = f"state the unit: {options}"
    if drawing:
        allowed += (
            f"; and --crs {DRAWING} if the coordinates are those of a drawing, which is then scaled to the lengths"
        )
    return InputError(Problem("link", message, "", "length", meaning, allowed))


def _same_unit(unit: str) -> str:
    return next((name for name in LENGTH_UNITS if KM[name] == KM[unit]), unit)


def _speed(files: GmnsFiles, config: Mapping[str, str], of_config: float | None, length: str) -> float:
    """Factor from the unit of free speeds to km/h."""
    if files.options.speed_unit:
        return KMH[_words(files.options.speed_unit)]
    column, of_column = speed_column(files)
    if of_column and of_config is not None and KMH[of_column] != of_config and column != "maxspeed":
        said = f"the column {column} says {of_column}, config.speed says {config['speed']}"
        allowed = f"state the unit: --speed-unit {' or --speed-unit '.join(SPEED_UNITS)}"
        raise InputError(Problem("link", "two units are stated for free speeds", "", column, said, allowed))
    if of_column:
        return KMH[of_column]
    if of_config is not None:
        return of_config
    name, factor = ("mph", KMH["mph"]) if KM[length] in (KM["mi"], KM["ft"]) else ("km/h", 1.0)
    plain = (
        np.isnan(files.measured("link", column, KMH).stated) & np.isfinite(files.measured("link", column, KMH).values)
        if column
        else np.zeros(0)
    )
    if plain.any():
        text = f"Check that free speeds are in {name}: inferred from the unit of lengths, without a config."
        files.report.add("assumed", "link", text, rows=int(plain.sum()))
    return factor


def _factor(config: Mapping[str, str], key: str, known: Mapping[str, float], problems: list[Problem]) -> float | None:
    text = config.get(key, "").strip()
    if not text:
        return None
    name = _words(text)
    factor = known.get(name, known.get(name.removesuffix("s")))
    if factor is None:
        usual = LENGTH_UNITS if known is KM else SPEED_UNITS
        allowed = suggestion(text, [*usual, *known]) or ", ".join(usual)
        problems.append(Problem("config", "unknown unit", column=key, value=text, allowed=allowed))
    return factor


def _name(text: str) -> str:
    """Name in :data:`KM` of a unit as a config gives it; empty if none or unknown."""
    name = _words(text)
    return name if name in KM else name.removesuffix("s") if name.removesuffix("s") in KM else ""


def _words(text: str) -> str:
    return "_".join(re.findall(r"[a-z]+", text.lower()))


def _currency(files: GmnsFiles, text: str) -> float:
    plain = text.strip().lower()
    if plain in ("", "usd", "us dollars", "dollars", "$", "us$"):
        return 1.0
    if plain in ("us cents", "cents", "usd cents"):
        return 0.01
    tolls = int((np.isfinite(files.numbers("link", "toll")) & files.kept["link"]).sum())
    text = f"Fill in {tolls} tolls in USD: the network has them in {text}, so they were left out."
    files.report.add("left out", "link", text, rows=tolls)
    return float("nan")
