"""Trips of a TNTP file: blocks that begin with ``Origin`` and list ``destination : trips;``."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.errors import Problem, listed
from landlink.core.problem_list import ProblemList
from landlink.traffic.tntp_text import Text, whole_number
from landlink.traffic.trip_table import NOT_NEGATIVE, ascending

_ORIGIN: Final = re.compile(r"^[ \t]*origin\b[ \t]*:?[ \t]*(\S*?)[ \t]*;?(?=[ \t]|$)", re.IGNORECASE | re.MULTILINE)
#: A block of pairs in the usual form; the pattern is possessive, so that other blocks fail fast.
_USUAL: Final = re.compile(r"(?:\s*+[0-9]++\s*+:\s*+[0-9.eE+-]++(?=[\s;]|\Z)\s*+;?)*+\s*+")
#: A word, or one of the marks between words.
_TOKEN: Final = re.compile(r"[^\s;:]+|[;:]")
_VALUE: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")


@dataclass(frozen=True)
class Pairs:
    """Pairs in the order of the file; shape (pairs,) each."""

    origin: Ints
    destination: Ints
    trips: Floats


@dataclass(frozen=True)
class _Body:
    """The text of a file after its metadata, with the names of its lines in problems."""

    text: str

    @cached_property
    def _breaks(self) -> list[int]:
        return [found.start() for found in re.finditer("\n", self.text)]

    def line(self, at: int) -> str:
        return f"line {bisect_right(self._breaks, at - 1) + 1}"


@dataclass(frozen=True)
class _Block:
    """The block of one origin: where the text after its heading lies in the file."""

    origin: int
    begin: int
    end: int


def read_pairs(text: Text, zones: int) -> tuple[Pairs, list[Problem]]:
    """Read every pair of a trips file; the pairs are valid only if there are no problems.

    Parameters
    ----------
    text
        The file.
    zones
        Number of zones, numbered from 1.
    """
    body = _Body("\n".join(text.body))
    problems = ProblemList()
    parts: list[tuple[Ints, Ints, Floats]] = []
    for block in _blocks(body, zones, text.name, problems):
        destination, trips = _quick(body.text[block.begin : block.end])
        if destination is None or not _right(destination, trips, zones):
            destination, trips = _slow(body, block, zones, text.name, problems)
        parts.append((np.full(len(trips), block.origin), destination, trips))
    if not parts:
        return Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)), problems.listed()
    pairs = Pairs(*(np.concatenate(part) for part in zip(*parts, strict=True)))
    return pairs, problems.listed() + _twice(pairs, text.name)


def _blocks(body: _Body, zones: int, name: str, problems: ProblemList) -> Iterator[_Block]:
    """Yield the blocks of known origins."""
    heads = list(_ORIGIN.finditer(body.text))
    before = body.text[: heads[0].start()] if heads else ""
    if not heads:
        problems.add(Problem(name, "no trips", allowed="Origin NUMBER, then DESTINATION : TRIPS;"))
    elif before.strip():
        row = body.line(len(before) - len(before.lstrip()))
        words = before.split(maxsplit=4)[:4]
        problems.add(Problem(name, "text before the first Origin", row, "", " ".join(words), "Origin NUMBER"))
    ends = [*(head.start() for head in heads[1:]), len(body.text)]
    for head, end in zip(heads, ends, strict=False):
        origin = whole_number(head[1])
        if origin is None or not 1 <= origin <= zones:
            row, allowed = body.line(head.start(1)), f"a whole number from 1 to {zones}"
            problems.add(Problem(name, "unknown zone", row, "Origin", head[1], allowed))
        else:
            yield _Block(origin, head.end(), end)


def _quick(text: str) -> tuple[Ints, Floats] | tuple[None, Floats]:
    """Parse all pairs at once; ``None`` if the block is not in the usual form."""
    if not _USUAL.fullmatch(text):
        return None, np.empty(0)
    cells = text.replace(":", " ").replace(";", " ").split()
    try:
        numbers = np.array(cells, dtype=np.float64)
    except ValueError:
        return None, np.empty(0)
    if (numbers[::2] > 2**53).any():
        return None, np.empty(0)
    return numbers[::2].astype(np.int64), numbers[1::2]


def _right(destination: Ints, trips: Floats, zones: int) -> bool:
    inside = (destination >= 1) & (destination <= zones)
    return bool(np.all(inside & (trips >= 0) & np.isfinite(trips)))


def _slow(body: _Body, block: _Block, zones: int, name: str, problems: ProblemList) -> tuple[Ints, Floats]:
    """Parse pair by pair, so that each problem has its line."""
    ends: list[int] = []
    trips: list[float] = []
    of = f"Origin {block.origin}"
    for at, destination, number in _pairs(body.text, block):
        row = body.line(at)
        if number is None:
            allowed = "DESTINATION : TRIPS;"
            problems.add(Problem(name, "not a pair of zone and trips", row, of, destination, allowed))
            continue
        end = whole_number(destination)
        if end is None or not 1 <= end <= zones:
            problems.add(Problem(name, "unknown zone", row, of, destination, f"a whole number from 1 to {zones}"))
        if not (_VALUE.fullmatch(number) and 0 <= float(number) < np.inf):
            place = f"{of}, to {destination}"
            problems.add(Problem(name, "invalid number of trips", row, place, number, NOT_NEGATIVE))
        if not problems:
            ends.append(end or 0)
            trips.append(float(number))
    return np.array(ends, dtype=np.int64), np.array(trips, dtype=np.float64)


def _pairs(text: str, block: _Block) -> Iterator[tuple[int, str, str | None]]:
    """Yield position, destination and trips of each pair; trips are ``None`` where a word belongs to no pair."""
    tokens = [(found.start(), found[0]) for found in _TOKEN.finditer(text, block.begin, block.end)]
    place = 0
    while place < len(tokens):
        at, word = tokens[place]
        colon, number, then = ([token for _, token in tokens[place + 1 : place + 4]] + [""] * 3)[:3]
        if word == ";":
            place += 1
        elif word != ":" and colon == ":" and number not in ("", ":", ";") and then != ":":
            yield at, word, number
            place += 3
        else:
            yield at, word, None
            place += 1


def _twice(pairs: Pairs, name: str) -> list[Problem]:
    """List duplicate pairs: whether to add them is ambiguous."""
    if ascending(pairs.origin, pairs.destination):
        return []
    order = np.lexsort((pairs.destination, pairs.origin))
    origin, destination = pairs.origin[order], pairs.destination[order]
    again = np.flatnonzero((np.diff(origin) == 0) & (np.diff(destination) == 0))
    return listed(
        Problem(name, "duplicate pair", "", f"Origin {origin[i]}", f"{destination[i]}", "each pair once") for i in again
    )
