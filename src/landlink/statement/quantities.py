"""Find the quantities of a clause: number, unit, rate, direction, baseline; and the time after which it is due."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from landlink.statement.clause import Quantity
from landlink.statement.lexicon import UserTables, compiled_rows
from landlink.statement.money_marks import money
from landlink.statement.numerals import Numeral, Numerals
from landlink.statement.patterns import first_at
from landlink.statement.quantity_direction import DirectionWords, direction_words
from landlink.statement.time_references import YEAR
from landlink.statement.unit_words import UnitWords, counts, stands_alone, unit_words

__all__ = ["Measured", "quantities", "quantities_and_duration"]

#: Units of time in which deadlines are given, as letters of ISO 8601.
_CALENDAR: Final = {"years": "Y", "months": "M", "weeks": "W", "days": "D"}
#: Those in which a time that "is within" so many is a deadline rather than what is measured.
_LONG: Final = frozenset({"years", "months"})
#: Days up to which "within so many days" is how long something may take, not by when it is due.
_HANDLING_DAYS: Final = 21
#: Unit of how often something happens.
_OCCASIONS: Final = "occasions"
#: Units of time that a rate does not go with.
_TIMES: Final = frozenset({"h", "min", *_CALENDAR})
#: Words after a number within which its rate may stand (an adverb that ends the clause twice as far), what ends them.
_RATE_WORDS: Final = 5
_NEXT_WORD: Final = re.compile(r"\s*[^\W\d]+(?:['’-][^\W\d]+)*")
_STOP: Final = re.compile(r"[,;:.،؛()]|\d")
#: Rates that are adjectives in Russian and Arabic.
_RATE_ADJECTIVE: Final = re.compile(r"(?:н|ов)[а-я]{2,3}$|(?:ي|ية)$")
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
    rates: list[tuple[re.Pattern[str], str]]
    multiples: list[tuple[re.Pattern[str], float]]
    words: UnitWords
    counts: list[tuple[re.Pattern[str], str, float]]
    dates: re.Pattern[str]
    directions: DirectionWords
    spaced: bool


@lru_cache(maxsize=16)
def _tables(language: str, user_tables: UserTables | None) -> _Tables:
    return _Tables(
        Numerals(language, user_tables),
        compiled_rows(language, "units", "unit", user_tables),
        compiled_rows(language, "rates", "per", user_tables),
        [(pattern, float(value)) for pattern, value in compiled_rows(language, "multiples", "value", user_tables)],
        unit_words(language, user_tables),
        counts(language, user_tables),
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
    [(5000000.0, 'doses', 'at_least')]
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
    kept = [one.quantity for one in _paired(own, text, tables) if _says_something(one)]
    return Measured(tuple(sorted([*found, *kept], key=lambda one: one.start)), due_after)


@dataclass(frozen=True)
class _Read:
    """A number as read: whether its unit stands beside it, and whether a scale word follows it."""

    quantity: Quantity
    beside: bool
    scaled: bool = False
    single: bool = False
    mentioned: bool = False
    opens: bool = False

    @property
    def start(self) -> int:
        return self.quantity.start

    @property
    def unit(self) -> str:
        return self.quantity.unit


def _says_something(one: _Read) -> bool:
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


def _quantity(text: str, numeral: Numeral, tables: _Tables) -> _Read | None:
    """Read what a number counts; None for a year."""
    start, end, unit = numeral.start, numeral.end, ""
    if not numeral.digits and _ORDINAL.match(text, end):
        return None
    year = not numeral.scaled and YEAR.fullmatch(text, numeral.start, numeral.end) is not None
    beside = tables.words.beside(text, end)
    if year and (beside is None or beside[0] == "years"):
        return None
    if numeral.share:
        unit = "percent"
    elif numeral.value == 1 and not numeral.digits and (behind := tables.words.single(text, start)):
        unit, start = behind
    elif beside is not None:
        unit, end = beside
    else:
        unit, start = money(text, start)
        if not unit and first_at(tables.rates, text, end) is None:
            unit, end = _after_words(tables.units, text, end) or ("", end)
    stands_beside = bool(unit)
    per, end = _rate_after(text, end, unit, tables)
    per = per or (_rate_between(text, numeral.end, end, tables) if beside and tables.spaced else "")
    if not unit:
        unit = _unit_before(text, numeral.start, tables) or (_OCCASIONS if per else "")
    if not per and unit and (unit not in _TIMES or unit == "h") and unit not in ("percent", "times"):
        per = _rate_before(text, numeral.start, tables)
        per = "" if unit == "h" and per != "day" else per
    if unit == "times" and per:
        unit = _OCCASIONS
    return _Read(
        Quantity(numeral.value, unit, start, end, per),
        stands_beside,
        numeral.scaled,
        single=numeral.value == 1 and not numeral.digits,
        opens=start == 0 and numeral.digits and not numeral.scaled,
        mentioned=_MENTIONED.search(text, max(0, start - 6), start) is not None,
    )


def _rate_after(text: str, end: int, unit: str, tables: _Tables) -> tuple[str, int]:
    """Find the rate after a number: at once, or a few words further on: "600,000 tonnes of wheat a year"."""
    if unit in _LONG or unit in ("days", "weeks"):
        return "", end
    place, limit = end, len(text)
    stop = _STOP.search(text, end)
    if stop is not None:
        limit = stop.start()
    for number in range(1 if unit in _TIMES else 2 * _RATE_WORDS):
        rate = first_at(tables.rates, text, place)
        if rate is not None and rate[1] <= limit:
            last = rate[1] == limit and not text[rate[1] - 1].isascii()
            adverb = last and _RATE_ADJECTIVE.search(text, place, rate[1]) is None
            return rate if number < _RATE_WORDS or adverb else ("", end)
        word = _NEXT_WORD.match(text, place) if tables.spaced else None
        if word is None or word.end() >= limit:
            break
        place = word.end()
    return "", end


def _rate_between(text: str, start: int, end: int, tables: _Tables) -> str:
    """Find a rate between a number and its noun: "100 annual scholarships"."""
    rates = (first_at(tables.rates, text, word.start()) for word in _NEXT_WORD.finditer(text, start, end))
    return next((rate[0] for rate in rates if rate is not None and rate[1] < end), "")


def _counts(text: str, tables: _Tables) -> list[_Read]:
    """Read words that are a number of something: Arabic duals, "twice a day"."""
    places = [(*place[:3], 2.0, place[3]) for place in tables.words.duals(text)]
    for pattern, unit, value in tables.counts:
        places += [(*match.span(), unit, value, False) for match in pattern.finditer(text)]
    found: list[_Read] = []
    for start, end, unit, value, mentioned in sorted(places, key=lambda place: place[1], reverse=True):
        per, last = _rate_after(text, end, unit, tables)
        often = per or unit != _OCCASIONS
        if often and all(last <= one.start or one.quantity.end <= start for one in found):
            found.append(_Read(Quantity(value, unit, start, last, per), beside=True, mentioned=mentioned))
    return found


def _after_words(units: list[tuple[re.Pattern[str], str]], text: str, place: int) -> tuple[str, int] | None:
    """Find a unit one word further on: "400 new tractors", "40 billion US dollars"."""
    words = re.compile(r"\s+(?:of|[^\W\d]+)(?=\s)").match(text, place)
    return first_at(units, text, words.end()) if words else None


def _unit_before(text: str, start: int, tables: _Tables) -> str:
    """Find the noun that a number counts before it: "the number of freight trucks at Torugart to 400 a day".

    Only where the number follows "to", "from" or a limit. The noun after "number of" comes first, then the last one.
    """
    linked = any(tables.directions.precedes(kind, text, start) is not None for kind in ("to", "from", "most", "least"))
    if not linked:
        return ""
    begin = max(0, start - _REACH)
    window = text[begin:start]
    found = [
        (begins, -ends, unit)
        for begins, ends, unit in tables.words.within(window)
        if unit not in _TIMES and unit != "percent"
        if not tables.spaced or stands_alone(window, begins, ends)
    ]
    # Without spaces, a single character may be part of any word.
    found = [one for one in found if tables.spaced or -one[1] - one[0] > 1]
    if not found:
        return ""
    counted = _NUMBER_OF.search(window)
    after = [one for one in found if counted and one[0] >= counted.end()]
    return min(after)[2] if after else max(found)[2]


def _rate_before(text: str, start: int, tables: _Tables) -> str:
    """Find a rate that stands before its noun: "the daily number of trucks to 300", 每日.

    An adjective tells only where the number follows a limit: an annual forum may open five schools.
    """
    linked = any(tables.directions.precedes(kind, text, start) is not None for kind in ("to", "most", "least"))
    found = [
        (match.start(), per)
        for pattern, per in tables.rates
        if tables.spaced or not pattern.pattern.endswith("(?:年)")
        for match in pattern.finditer(text, max(0, start - _REACH), start)
        if not tables.spaced or match.start() == 0 or not text[match.start() - 1].isalnum()
        if linked or _RATE_ADJECTIVE.search(match.group()) is None
    ]
    return max(found)[1] if found else ""


def _duration(found: list[_Read], text: str, tables: _Tables, *, others: bool) -> tuple[str, list[_Read]]:
    """Take out the time by which the clause is due: "within three years", "within 30 days of signing"."""
    words = tables.directions
    measured = others or any(read.unit and read.unit not in _CALENDAR for read in found)
    lasts = _LASTING.search(text)
    for number, read in enumerate(found):
        one = read.quantity
        if one.unit not in _CALENDAR or one.value != int(one.value) or not 0 < one.value <= 9999:
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


def _paired(found: list[_Read], text: str, tables: _Tables) -> list[_Read]:
    """Give each number its direction, and make "from nine to four" one number with a baseline."""
    words = tables.directions
    result: list[_Read] = []
    skip = False
    for number, read in enumerate(found):
        if skip:
            skip = False
            continue
        one = read.quantity
        following = found[number + 1] if number + 1 < len(found) else None
        if (
            following is not None
            and words.precedes("from", text, one.start) is not None
            and words.leads_to(text, following.start)
            and (not read.beside or not following.beside or one.unit == following.unit)
        ):
            later = following.quantity
            unit = later.unit if following.beside else one.unit if read.beside else later.unit or one.unit
            rising = words.verb(text, one.start) == "up" or (
                words.verb(text, one.start) != "down" and later.value > one.value
            )
            direction = "at_least" if rising else "at_most"
            paired = replace(later, unit=unit, per=later.per or one.per, direction=direction, baseline=one.value)
            result.append(replace(following, quantity=paired))
            skip = True
        else:
            direction = words.direction(text, one.start, one.end, one.full_unit)
            result.append(replace(read, quantity=replace(one, direction=direction)))
    return result
