"""Trips of a TNTP file: blocks that begin with ``Origin`` and list ``destination : trips;``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.errors import Problem
from landlink.traffic.tntp_text import Text
from landlink.traffic.trip_table import NOT_NEGATIVE, ascending, listed

_ORIGIN: Final = re.compile(r"^[ \t]*origin\b[ \t]*:?[ \t]*(\S*?)[ \t]*;?(?=[ \t]|$)", re.IGNORECASE | re.MULTILINE)
#: A block of pairs in the usual form; the pattern is possessive, so that other blocks fail fast.
_USUAL: Final = re.compile(r"(?:\s*+\d++\s*+:\s*+[0-9.eE+-]++(?=[\s;]|\Z)\s*+;?)*+\s*+")
_PAIR: Final = re.compile(r"\s*(\S+?)\s*:\s*([^\s;:]+)(?=[\s;]|\Z)\s*;?|\s*([^\s;]+)\s*;?|\s*;")
_VALUE: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


@dataclass(frozen=True)
class Pairs:
    """Pairs in the order of the file; shape (pairs,) each."""

    origin: Ints
    destination: Ints
    trips: Floats


@dataclass(frozen=True)
class _Block:
    """The block of one origin: the text after its heading, and its position in the file."""

    origin: int
    begin: int
    text: str


def read_pairs(text: Text, zones: int) -> tuple[Pairs, list[Problem]]:
    """Read every pair of a trips file; the pairs are valid only if there are no problems.

    Parameters
    ----------
    text
        The file.
    zones
        Number of zones, numbered from 1.
    """
    whole = "\n".join(text.body)
    problems: list[Problem] = []
    parts: list[tuple[Ints, Ints, Floats]] = []
    heads = list(_ORIGIN.finditer(whole))
    before = whole[: heads[0].start()] if heads else whole
    if not heads:
        problems.append(Problem(text.name, "no trips", allowed="Origin NUMBER, then DESTINATION : TRIPS;"))
    elif before.strip():
        at = len(before) - len(before.lstrip())
        words = before.split()
        problems.append(
            Problem(
                text.name, "text before the first Origin", _line(whole, at), "", " ".join(words[:4]), "Origin NUMBER"
            )
        )
    for i, head in enumerate(heads):
        end = heads[i + 1].start() if i + 1 < len(heads) else len(whole)
        if not (head[1].isdigit() and 1 <= int(head[1]) <= zones):
            row = _line(whole, head.start(1))
            problems.append(
                Problem(text.name, "unknown zone", row, "Origin", head[1], f"a whole number from 1 to {zones}")
            )
            continue
        block = _Block(int(head[1]), head.end(), whole[head.end() : end])
        destination, trips = _quick(block)
        if destination is None or not _right(destination, trips, zones):
            destination, trips, faults = _slow(block, zones, text.name, whole)
            problems += faults
        parts.append((np.full(len(trips), block.origin), destination, trips))
    if not parts:
        return Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)), problems
    pairs = Pairs(*(np.concatenate(part) for part in zip(*parts, strict=True)))
    return pairs, problems + _twice(pairs, text.name)


def _quick(block: _Block) -> tuple[Ints, Floats] | tuple[None, Floats]:
    """Parse all pairs at once; ``None`` if the block is not in the usual form."""
    if not _USUAL.fullmatch(block.text):
        return None, np.empty(0)
    cells = block.text.replace(":", " ").replace(";", " ").split()
    try:
        numbers = np.array(cells, dtype=np.float64)
    except ValueError:
        return None, np.empty(0)
    return numbers[::2].astype(np.int64), numbers[1::2]


def _right(destination: Ints, trips: Floats, zones: int) -> bool:
    inside = (destination >= 1) & (destination <= zones)
    return bool(np.all(inside & (trips >= 0) & np.isfinite(trips)))


def _slow(block: _Block, zones: int, name: str, whole: str) -> tuple[Ints, Floats, list[Problem]]:
    """Parse pair by pair, so that each problem has its line."""
    problems: list[Problem] = []
    ends: list[int] = []
    trips: list[float] = []
    for found in _PAIR.finditer(block.text):
        destination, number, odd = found.groups()
        if destination is None and odd is None:
            continue
        row = _line(whole, block.begin + found.end() - len(found[0].lstrip()))
        of = f"Origin {block.origin}"
        if odd is not None:
            problems.append(Problem(name, "not a pair of zone and trips", row, of, odd, "DESTINATION : TRIPS;"))
            continue
        if not (destination.isdigit() and 1 <= int(destination) <= zones):
            allowed = f"a whole number from 1 to {zones}"
            problems.append(Problem(name, "unknown zone", row, of, destination, allowed))
        if not (_VALUE.fullmatch(number) and 0 <= float(number) < np.inf):
            place = f"{of}, to {destination}"
            problems.append(Problem(name, "invalid number of trips", row, place, number, NOT_NEGATIVE))
        if not problems:
            ends.append(int(destination))
            trips.append(float(number))
    return np.array(ends, dtype=np.int64), np.array(trips, dtype=np.float64), listed(problems)


def _twice(pairs: Pairs, name: str) -> list[Problem]:
    """List duplicate pairs: whether to add them is ambiguous."""
    if ascending(pairs.origin, pairs.destination):
        return []
    order = np.lexsort((pairs.destination, pairs.origin))
    origin, destination = pairs.origin[order], pairs.destination[order]
    again = np.flatnonzero((np.diff(origin) == 0) & (np.diff(destination) == 0))
    return listed(
        [
            Problem(name, "duplicate pair", "", f"Origin {origin[i]}", f"{destination[i]}", "each pair once")
            for i in again
        ]
    )


def _line(whole: str, at: int) -> str:
    return f"line {whole.count(chr(10), 0, at) + 1}"
