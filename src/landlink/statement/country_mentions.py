"""Find the countries that a text names, in full, by an adjective, or by a short form that the text explains."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from landlink.core.countries import countries
from landlink.statement.country_names import name_patterns
from landlink.statement.folding import Folded
from landlink.statement.lexicon import HIDING, Row, UserTables, rows
from landlink.statement.patterns import Hit, Matcher, Rule, alternatives

__all__ = ["country_mentions", "settled"]

#: Languages in which all names of countries, and in which names but not adjectives begin with a capital letter.
_ALL_CAPITAL: Final = frozenset({"en"})
_NAMES_CAPITAL: Final = frozenset({"ru"})
#: Separates the usual meaning of an ambiguous name from its further ones, and those from one another.
_USUAL, _OR = "|", ";"
#: Chinese words after which a row of short forms stands for countries: "中吉乌铁路", "老泰两国".
_AFTER_SHORT: Final = (
    "两国|三国|四国|五国|双方|三方|双边|三边|边境|边界|边防|口岸|铁路|公路|走廊|通道|经贸|贸易|关系|政府|友好|战略|合作|联合|"
    "人民|元首|总理|外长|交通|运输|跨境|过境|班列|航线|输电|管道"
)
#: What follows "方" in words that mean something else, such as "方面" and "方案".
_NOT_SIDE: Final = "面(?!向|对|临)|便|案|式|法|向|针|程|略|才|可|块|格|圆|形|位|言|阵|量|工|米"


@dataclass(frozen=True)
class _Names:
    """Names that are told from ordinary words in one way.

    Attributes
    ----------
    letters
        ``capital`` if they have a capital letter, ``capitals`` if they have no other, empty if it does not matter.
    own
        Whether they are the user's own, which count more.
    """

    letters: str
    own: bool
    matcher: Matcher


def country_mentions(
    text: str,
    folded: Folded,
    language: str,
    user_tables: UserTables | None = None,
    *,
    known: Sequence[frozenset[str]] | None = (),
) -> list[Hit]:
    """Find the countries that a text names.

    The longest name wins: "South Sudan" is not Sudan, and "Gulf of Guinea" is no country. Names that are ordinary words
    too must have their capital letter, except in a text without any.

    Parameters
    ----------
    text, folded
        The text, and the same folded.
    language
        ISO 639-1 code of its language.
    user_tables
        The user's own tables.
    known
        Countries among which an ambiguous name is sought, such as those that the whole text names in full. The first of
        these sets that has any of its meanings decides; if none has, the name has its usual meaning. With None, all
        ambiguous names stay undecided.

    Returns
    -------
    list of Hit
        In text order, each with the alpha-3 code of its country as kind; the kind is empty where the text does not
        decide which country an ambiguous name means.

    Examples
    --------
    >>> from landlink.statement.folding import fold
    >>> text = "South Sudan and the Democratic Republic of the Congo trade with Uganda."
    >>> [hit.kind for hit in country_mentions(text, fold(text), "en")]
    ['SSD', 'COD', 'UGA']
    """
    found: list[tuple[bool, Hit]] = []
    small = text == text.lower()
    for names in _names(language, user_tables):
        hits = names.matcher.scan(folded.text)
        found += [(names.own, hit) for hit in hits if _written_so(text, folded, hit, names.letters, small=small)]
    if language == "zh":
        found += [(False, hit) for hit in _in_rows(folded.text, user_tables)]
    found.sort(key=lambda item: (item[1].pos, -item[1].end, not item[0], item[1].kind != HIDING, item[1].kind))
    kept: list[Hit] = []
    for _, hit in found:
        if not kept or hit.pos >= kept[-1].end:
            kept.append(hit)
    return [replace(hit, kind=_resolved(hit.kind, known)) for hit in kept if hit.kind != HIDING]


def settled(mentions: Iterable[Hit]) -> Iterator[str]:
    """Yield the codes of the countries that are named beyond doubt."""
    return (hit.kind for hit in mentions if hit.kind)


def _written_so(text: str, folded: Folded, hit: Hit, letters: str, *, small: bool) -> bool:
    """Whether a name has the capital letters that tell it from an ordinary word."""
    if not letters:
        return True
    written = text[folded.place(hit.pos) : folded.place(hit.end)]
    if letters == "capitals":
        return written.isupper()
    return written != written.lower() or small


def _resolved(kind: str, known: Sequence[frozenset[str]] | None) -> str:
    """Decide which country an ambiguous name means; empty if it remains open."""
    usual, ambiguous, others = kind.partition(_USUAL)
    if not ambiguous:
        return kind
    if known is None:
        return ""
    meanings = {code for code in (usual, *others.split(_OR)) if code}
    for codes in known:
        meant = meanings & codes
        if meant:
            return meant.pop() if len(meant) == 1 else ""
    return usual


@lru_cache(maxsize=16)
def _names(language: str, user_tables: UserTables | None) -> tuple[_Names, ...]:
    listed = rows(language, "countries")
    built_in = [*_derived(language), *_listed(listed), *_sides(language, user_tables)]
    own = list(_listed(rows(language, "countries", user_tables)[len(listed) :]))
    found = []
    for is_own, named in ((False, built_in), (True, own)):
        for letters in dict.fromkeys(letters for letters, _ in named):
            rules = (rule for other, rule in named if other == letters)
            needed = letters or ("capital" if language in _ALL_CAPITAL else "")
            found.append(_Names(needed, is_own, Matcher(rules, language)))
    return tuple(found)


def _derived(language: str) -> Iterator[tuple[str, Rule]]:
    letters = "capital" if language in _NAMES_CAPITAL else ""
    for code, pattern in name_patterns(language):
        yield letters, Rule(code, pattern)


def _listed(found: Iterable[Row]) -> Iterator[tuple[str, Rule]]:
    for row in found:
        kind = _USUAL + row["iso3"] if _OR in row["iso3"] else row["iso3"]
        for pattern in alternatives(row["pattern"]):
            yield row.get("letters") or "", Rule(kind, pattern)


# Short forms in Chinese


@lru_cache(maxsize=4)
def _short_forms(user_tables: UserTables | None) -> dict[str, str]:
    """Return the kind of each Chinese character that stands for a country: its usual meaning and its further ones."""
    found = {}
    for row in rows("zh", "short_names", user_tables):
        short = row["short"]
        begin = (code for code, country in countries().items() if country.names["zh"].startswith(short))
        others = sorted({*begin, *filter(None, (row.get("others") or "").split(_OR))} - {row["iso3"]})
        found[short] = row["iso3"] + (_USUAL + _OR.join(others) if others else "")
    return found


def _sides(language: str, user_tables: UserTables | None) -> Iterator[tuple[str, Rule]]:
    """Yield a rule for each short form before "方": "乌方" is the Ugandan, Uzbek or Ukrainian side."""
    if language == "zh":
        for short, kind in _short_forms(user_tables).items():
            yield "", Rule(kind, f"{short}方(?!{_NOT_SIDE})")


def _in_rows(text: str, user_tables: UserTables | None) -> Iterator[Hit]:
    """Yield the short forms that stand side by side before a word such as "两国"."""
    forms = _short_forms(user_tables)
    for match in _row_of_short_forms(user_tables).finditer(text):
        for place in range(match.start(), match.end()):
            yield Hit(place, place + 1, forms[text[place]], 0, place)


@lru_cache(maxsize=4)
def _row_of_short_forms(user_tables: UserTables | None) -> re.Pattern[str]:
    short = "".join(form for form in _short_forms(user_tables) if len(form) == 1)
    # "其中", "途中" and the like end with a character that also stands for China.
    return re.compile(rf"(?<![其途当之程期集年])[{short}]{{2,6}}(?={_AFTER_SHORT})")
