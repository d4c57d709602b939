"""Find the quantities of a clause: number, unit, rate, direction, baseline; and the time after which it is due."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from landlink.statement.clause import Quantity
from landlink.statement.counted_nouns import CountedNouns, counted_nouns
from landlink.statement.lexicon import UserTables, compiled_rows
from landlink.statement.money_marks import money
from landlink.statement.number_pairs import ReadNumber, paired
from landlink.statement.numerals import Numeral, Numerals
from landlink.statement.patterns import first_at
from landlink.statement.quantity_direction import DirectionWords, direction_words
from landlink.statement.rate_words import RateWords
from landlink.statement.time_references import YEAR
from landlink.statement.unit_words import UnitWords, counts, stands_alone, unit_words

__all__ = ["Measured", "quantities", "quantities_and_duration"]

#: Units of time in which deadlines are given, as letters of ISO 8601.
_CALENDAR: Final = {"years": "Y", "months": "M", "weeks": "W", "days": "D"}
#: Those in which a time that "is within" so many is a deadline rather than what is measured.
_LONG: Final = frozenset({"years", "months"})
#: Days up to which "within so many days" is how long something may take, not by when it is due.
_HANDLING_DAYS: Final = 21
#: Unit of how often something happens, and the numbers that count nothing else.
_OCCASIONS: Final = "occasions"
_HOW_OFTEN: Final = frozenset({"once", "twice", "thrice"})
#: Units that count things, rather than measure.
_COUNTABLE: Final = re.compile(r"(?!percent|times|hectares)[a-z][a-z ]{3,}")
#: Those of measure words that many things share: 份, 班.
_LOOSE_UNITS: Final = frozenset({"documents", "trips"})
#: Units of time that a rate does not go with.
_TIMES: Final = frozenset({"h", "min", *_CALENDAR})
#: Characters before a number in which the noun that it counts is sought.
_REACH: Final = 110
#: Characters after "twofold" in which its verb may follow.
_VERB_BEHIND: Final = 14
#: Ends of a spelled number that is part of an ordinal: "twenty-fourth".
_ORDINAL: Final = re.compile(r"\s(?:перв|втор|трет|четверт|пят|шест|седьм|восьм|девят)\w+")
#: What makes a number one that is only mentioned: "the two stations".
_MENTIONED: Final = re.compile(r"\b(?:the|these|those|both|all) $")
#: Words before the noun that is counted.
_NUMBER_OF: Final = re.compile(r"\bnumber of|\bчисл(?:о|а|у)\b|\bколичеств(?:о|а)\b|عدد|数量")
#: Words for a time that something takes, which a clause may limit.
_LASTING: Final = re.compile(
    r"\btime|\bduration|\bprocessing|\bwait|\bstay|\bврем|\bсрок|\bожидани|\bдлительност|مدة|زمن|انتظار|فترة|时间|时长|时限|停留"
)


@dataclass(frozen=True)
class Measured:
    """What a clause states in numbers.

    Attributes
    ----------
    quantities
        Its quantities in text order.
    due_after
        Time after the date of the text by which it is due, as an ISO 8601 duration; empty if it gives none.
    """

    quantities: tuple[Quantity, ...]
    due_after: str


@dataclass(frozen=True)
class _Tables:
    numerals: Numerals
    units: list[tuple[re.Pattern[str], str]]
    rates: RateWords
    multiples: list[tuple[re.Pattern[str], float]]
    words: UnitWords
    counts: list[tuple[re.Pattern[str], str, float]]
    counted: CountedNouns
    dates: re.Pattern[str]
    directions: DirectionWords
    spaced: bool


@lru_cache(maxsize=16)
def _tables(language: str, user_tables: UserTables | None) -> _Tables:
    return _Tables(
        Numerals(language, user_tables),
        compiled_rows(language, "units", "unit", user_tables),
        RateWords(compiled_rows(language, "rates", "per", user_tables), language != "zh"),
        [(pattern, float(value)) for pattern, value in compiled_rows(language, "multiples", "value", user_tables)],
        unit_words(language, user_tables),
        counts(language, user_tables),
        counted_nouns(language, user_tables),
        _dates(language, user_tables),
        direction_words(language, user_tables),
        language != "zh",
    )


def _dates(language: str, user_tables: UserTables | None) -> re.Pattern[str]:
    """Compile what is a date, so that its day is no number of anything."""
    if language == "zh":
        return re.compile(r"(?:(?:19|20)\d\d年)?\d{1,2}月(?:\d{1,2}日)?|(?:19|20)\d\d年")
    months = "|".join(pattern.pattern for pattern, _ in compiled_rows(language, "months", "month", user_tables))
    return re.compile(
        rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th|-е|-го)?\s+(?:of\s+)?(?:{months})|(?:{months})\s+\d{{1,2}}(?!\d)"
        rf"|(?:{months}|عام|سنة)\s+(?:19|20)\d\d(?!\d)"
    )


def quantities(text: str, language: str, user_tables: UserTables | None = None) -> list[Quantity]:
    """Find the quantities of a folded clause that have a unit, a scale or a rate.

    Parameters
    ----------
    text
        The folded clause.
    language
        ISO 639-1 code.
    user_tables
        Folder of the user's own tables.

    Returns
    -------
    list of Quantity
        In text order; their spans are within the clause.

    Examples
    --------
    >>> [(q.value, q.unit, q.direction) for q in quantities("supply five million doses of vaccine", "en")]
    [(5000000.0, 'doses', 'equal')]
    >>> [(q.value, q.full_unit, q.baseline) for q in quantities("cut documents from nine to four", "en")]
    [(4.0, 'documents', 9.0)]
    """
    return list(quantities_and_duration(text, language, user_tables).quantities)


def quantities_and_duration(text: str, language: str, user_tables: UserTables | None = None) -> Measured:
    """Find the quantities of a folded clause, and the time after the text's date by which it is due."""
    tables = _tables(language, user_tables)
    found = _multiples(text, tables)
    taken = bytearray(len(text))
    for start, end in [(one.start, one.end) for one in found] + [match.span() for match in tables.dates.finditer(text)]:
        taken[start:end] = b"\1" * (end - start)
    read = [
        quantity
        for numeral in tables.numerals.find(text)
        if 1 not in taken[numeral.start : numeral.end] and (quantity := _quantity(text, numeral, tables)) is not None
    ]
    spans = [(one.start, one.quantity.end) for one in read]
    own = [one for one in _counts(text, tables) if all(one.quantity.end <= a or b <= one.start for a, b in spans)]
    read = sorted([*read, *own], key=lambda one: one.start)
    due_after, own = _duration(read, text, tables, others=bool(found))
    kept = [one.quantity for one in paired(own, text, tables.directions) if _says_something(one)]
    return Measured(tuple(sorted([*found, *kept], key=lambda one: one.start)), due_after)


def _says_something(one: ReadNumber) -> bool:
    """Whether a number has a unit, a rate or a scale; spans of years and months need a direction too.

    A single thing, things that are "the two", or a number that opens the clause as that of an item, are an amount only
    where words limit them.
    """
    quantity = one.quantity
    if quantity.direction in ("", "equal") and not quantity.per and (one.single or one.mentioned or one.opens):
        return False
    if quantity.unit in _LONG:
        return bool(quantity.direction)
    return bool(quantity.unit or quantity.per or one.scaled)


def _multiples(text: str, tables: _Tables) -> list[Quantity]:
    """Make quantities of words such as "double", of those that overlap the longest."""
    matches = [(match, value) for pattern, value in tables.multiples for match in pattern.finditer(text)]
    found: list[Quantity] = []
    for match, value in sorted(matches, key=lambda one: one[0].start() - one[0].end()):
        if all(match.end() <= other.start or other.end <= match.start() for other in found):
            found.append(_multiple(text, match, value, tables))
    return found


def _multiple(text: str, match: re.Match[str], value: float, tables: _Tables) -> Quantity:
    """Make a quantity of a word such as "double"; "cut threefold" is a third."""
    near = tables.directions.verb(text, min(len(text), match.end() + _VERB_BEHIND))
    falling = value < 1 or near == "down"
    return Quantity(
        1 / value if falling and value > 1 else value,
        "times", match.start(), match.end(), "", "at_most" if falling else "at_least",
    )  # fmt: skip


def _quantity(text: str, numeral: Numeral, tables: _Tables) -> ReadNumber | None:
    """Read what a number counts; None for a year."""
    start, end = numeral.start, numeral.end
    if (not numeral.digits and _ORDINAL.match(text, end)) or text.endswith(("per ", "every ", "每"), 0, start):
        return None
    year = not numeral.scaled and YEAR.fullmatch(text, numeral.start, numeral.end) is not None
    beside = tables.words.beside(text, end)
    if year and (beside is None or beside[0] == "years"):
        return None
    times = text[start:end] in _HOW_OFTEN
    unit, start, end = (_OCCASIONS, start, end) if times else _unit_beside(text, numeral, beside, tables)
    stands_beside = bool(unit)
    per, end = tables.rates.after(text, end, unit)
    per = per or (tables.rates.between(text, numeral.end, end) if beside else "")
    if times and not per and not tables.directions.limited(text, start):
        return None
    if not unit:
        unit = _noun_before(text, numeral.start, end, tables, bare=bool(per))
    if not per and unit and (unit not in _TIMES or unit == "h") and unit not in ("percent", "times"):
        linked = any(tables.directions.precedes(kind, text, numeral.start) for kind in ("to", "most", "least"))
        per = tables.rates.before(text, numeral.start, linked=linked)
        per = "" if unit == "h" and per != "day" else per
    if unit == "times" and per:
        unit = _OCCASIONS
    return ReadNumber(
        Quantity(numeral.value, unit, start, end, per),
        stands_beside,
        numeral.scaled,
        single=numeral.value == 1 and not numeral.digits,
        opens=start == 0 and numeral.digits and not numeral.scaled,
        mentioned=_MENTIONED.search(text, max(0, start - 6), start) is not None,
    )


def _unit_beside(text: str, numeral: Numeral, beside: tuple[str, int] | None, tables: _Tables) -> tuple[str, int, int]:
    """Find the unit that stands beside a number, empty if none does, with where the amount starts and ends."""
    start, end = numeral.start, numeral.end
    if numeral.share:
        return "percent", start, end
    if numeral.value == 1 and not numeral.digits and (behind := tables.words.single(text, start)):
        return *behind, end
    if (counted := _counted(text, numeral, beside, tables) or beside) is not None:
        return counted[0], start, counted[1]
    unit, start = money(text, start)
    if not unit and tables.rates.at(text, end) is None:
        unit, end = _noun_behind(text, numeral, tables) or ("", end)
    return unit, start, end


def _counted(text: str, numeral: Numeral, beside: tuple[str, int] | None, tables: _Tables) -> tuple[str, int] | None:
    """Find a noun that says more than the word beside the number: "one youth forum", 5 and its measure word."""
    if not tables.spaced and beside is None:
        return tables.counted.dense(text, numeral.start, numeral.end, either=True)
    if beside is None or not _COUNTABLE.fullmatch(beside[0]) or beside[0] in (*_CALENDAR, "doses", _OCCASIONS):
        return None
    if not tables.spaced:
        return tables.counted.dense(text, numeral.start, numeral.end, either=beside[0] in _LOOSE_UNITS)
    return tables.counted.heads_on(text, numeral.start, beside[1], numeral.value)


def _noun_behind(text: str, numeral: Numeral, tables: _Tables) -> tuple[str, int] | None:
    """Find the noun that a number counts, after words that describe it."""
    start, end = numeral.start, numeral.end
    found = tables.counted.after(text, start, end, numeral.value) if tables.spaced else None
    return found or _after_words(tables.units, text, end)


def _counts(text: str, tables: _Tables) -> list[ReadNumber]:
    """Read words that are a number of something: Arabic duals, "дважды в сутки"."""
    places = [(*place[:3], 2.0, place[3]) for place in tables.words.duals(text)]
    for pattern, unit, value in tables.counts:
        places += [(*match.span(), unit, value, False) for match in pattern.finditer(text)]
    found: list[ReadNumber] = []
    for start, end, unit, value, mentioned in sorted(places, key=lambda place: place[1], reverse=True):
        per, last = tables.rates.after(text, end, unit)
        often = per or unit != _OCCASIONS
        if often and all(last <= one.start or one.quantity.end <= start for one in found):
            found.append(ReadNumber(Quantity(value, unit, start, last, per), beside=True, mentioned=mentioned))
    return found


def _after_words(units: list[tuple[re.Pattern[str], str]], text: str, place: int) -> tuple[str, int] | None:
    """Find a unit one word further on: "400 new tractors", "40 billion US dollars"."""
    words = re.compile(r"\s+(?:of|[^\W\d]+)(?=\s)").match(text, place)
    return first_at(units, text, words.end()) if words else None


def _noun_before(text: str, start: int, end: int, tables: _Tables, *, bare: bool) -> str:
    """Find the noun that a number counts before it: "the number of freight trucks at Torugart to 400 a day".

    Only where the number follows "to", "from" or a limit, or where nothing but a rate follows it. The noun after
    "number of" comes first, then the last one.
    """
    words = tables.directions
    linked = any(words.precedes(kind, text, start) is not None for kind in ("to", "from", "by", "most", "least"))
    changed = any(words.follows(kind, text, end) is not None for kind in ("less_after", "more_after"))
    return _unit_before(text, start, tables) if linked or changed or bare else ""


def _unit_before(text: str, start: int, tables: _Tables) -> str:
    """Find the last unit before a number, or the one after "number of"."""
    begin = max(0, start - _REACH)
    window = text[begin:start]
    found = [
        (begins, -ends, unit)
        for begins, ends, unit in tables.words.within(window)
        if unit not in _TIMES and unit != "percent"
        if not tables.spaced or (stands_alone(window, begins, ends) and tables.counted.may_be_many(window[begins:ends]))
    ]
    # Without spaces, a single character may be part of any word.
    found = [one for one in found if tables.spaced or -one[1] - one[0] > 1]
    if not found:
        return tables.counted.number_of(window)
    counted = _NUMBER_OF.search(window)
    after = [one for one in found if counted and one[0] >= counted.end()]
    return min(after)[2] if after else max(found)[2]


def _duration(found: list[ReadNumber], text: str, tables: _Tables, *, others: bool) -> tuple[str, list[ReadNumber]]:
    """Take out the time by which the clause is due: "within three years", "within 30 days of signing"."""
    words = tables.directions
    measured = others or any(read.unit and read.unit not in _CALENDAR for read in found)
    lasts = _LASTING.search(text)
    for number, read in enumerate(found):
        one = read.quantity
        if one.per or one.unit not in _CALENDAR or one.value != int(one.value) or not 0 < one.value <= 9999:
            continue
        within = words.precedes("within", text, one.start) is not None or (
            words.follows("most_after", text, one.end) is not None
        )
        event = words.follows("after_event", text, one.end) or words.precedes("after_event", text, one.start)
        if event is not None or (within and _is_deadline(one, text, words, measured=measured, lasts=lasts)):
            return f"P{int(one.value)}{_CALENDAR[one.unit]}", found[:number] + found[number + 1 :]
    return "", found


def _is_deadline(
    one: Quantity, text: str, words: DirectionWords, *, measured: bool, lasts: re.Match[str] | None
) -> bool:
    """Whether "within 60 days" is when the clause is due, rather than a time that its subject may take.

    ``measured`` says that the clause has another quantity, ``lasts`` is its first word of lasting.
    """
    if one.unit in _LONG:
        return not words.leads_to(text, one.start)
    if one.unit == "days" and (one.value <= _HANDLING_DAYS or words.follows("of_event", text, one.end) is not None):
        return False
    if measured:
        return True
    return words.verb(text, one.start) not in ("down", "cap") and (lasts is None or lasts.end() > one.start)
