"""Numbers in a folded text: in digits of any grouping, spelled out, with scale words, and in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Final

from landlink.statement.lexicon import UserTables, compiled_rows, rows
from landlink.statement.patterns import first_at

__all__ = ["Numeral", "Numerals"]

_DIGITS: Final = r"\d{1,3}(?:[,\u066c\u00a0 ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.,\u066b]\d+)?"
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[,\u066c\u00a0 ]\d{3})+(?!\d)")
_CHINESE_DIGITS: Final = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {
    "两": 2,
    "零": 0,
}
_CHINESE_TENS: Final = {"十": 10, "百": 100, "千": 1000}
#: Chinese numerals that are parts of words rather than numbers: "一致", "统一", "第三", "三方".
_CHINESE_WORDS: Final = (
    r"(?<![第统之唯万])(?P<word>[一二三四五六七八九十百千两]+)"
    r"(?![致起同道切些样直贯旦般带体定系])"
)
#: What stands between the parts of a spelled number: "двадцать пять", "خمسة وعشرون".
_JOINERS: Final = {"ru": re.compile(r"\s+"), "ar": re.compile(r"\s+(?=و)")}
#: Powers of ten below which another part may follow in a spelled number.
_POWERS: Final = (1e9, 1e6, 1e3, 100.0)
#: Value from which a part of a spelled number is closed by a scale.
_GROUP: Final = 1000
#: The first character of a unit rather than a scale: 千 of kilowatt and kilometre.
_PREFIXED_UNIT: Final = re.compile(r"[千百毫][瓦克米伏赫卡帕升]")


@dataclass(frozen=True)
class Numeral:
    """A number and its span.

    Attributes
    ----------
    value
        The number, with scale words applied.
    start, end
        Its span in the folded text, scale words included.
    digits
        Whether it is written in digits.
    scaled
        Whether a scale word follows it.
    share
        Whether it is a share in per cent, as 百分之三十.
    """

    value: float
    start: int
    end: int
    digits: bool
    scaled: bool
    share: bool = False


class Numerals:
    """Finds the numbers of a language.

    Parameters
    ----------
    language
        ISO 639-1 code.
    user_tables
        Folder of the user's own tables.
    """

    def __init__(self, language: str, user_tables: UserTables | None) -> None:
        self._chinese = language == "zh"
        self._joiner = _JOINERS.get(language)
        self._words = {row["word"]: float(row["value"]) for row in rows(language, "numbers", user_tables)}
        self._scales = [(p, float(v)) for p, v in compiled_rows(language, "scales", "value", user_tables)]
        spelled = "|".join(sorted(map(re.escape, self._words), key=len, reverse=True))
        #: What "two hundred" and the like may go on with.
        self._rest = re.compile(rf" (?:and )?({spelled or '(?!)'})(?![\w-])(?! (?:hundred|thousand|million))")
        if self._chinese:
            self._pattern = re.compile(
                rf"(?P<digits>{_DIGITS})|百分之(?P<share>[〇零一二三四五六七八九十百两]+|\d+(?:\.\d+)?)|{_CHINESE_WORDS}"
            )
        else:
            front = r"(?:^|(?<=\s)|(?<=[$€¥(])|(?<=\W))[وبل]?" if language == "ar" else r"(?<![\w.,])"
            self._pattern = re.compile(rf"{front}(?:(?P<digits>{_DIGITS})|(?P<word>{spelled})(?!\w))")

    def find(self, text: str) -> Iterator[Numeral]:
        """Yield the numbers of a folded text in order."""
        last = 0
        for match in self._pattern.finditer(text):
            parts = match.groupdict()
            value = self._value(parts) if match.start() >= last else None
            if value is None or not isfinite(value):
                continue
            value, end, scaled = self._scaled(text, *self._group(text, value, match))
            while (joined := self._next(text, end)) is not None:
                more, more_end, more_scaled = self._scaled(
                    text, *self._group(text, self._words[joined["word"]], joined)
                )
                if (parts.get("digits") and not more_scaled) or not _fits(value, more):
                    break
                value, end, scaled = value + more, more_end, scaled or more_scaled
            if self._joiner is None and scaled and parts.get("word") and (rest := self._rest.match(text, end)):
                value, end = value + self._words[rest.group(1)], rest.end()
            named = next((name for name in ("digits", "word") if parts.get(name)), None)
            start, last = match.start(named) if named else match.start(), end
            yield Numeral(value, start, end, bool(parts.get("digits")), scaled, bool(parts.get("share")))

    def _next(self, text: str, end: int) -> re.Match[str] | None:
        """Find the spelled part of a number that follows another one."""
        gap = self._joiner.match(text, end) if self._joiner else None
        match = self._pattern.match(text, gap.end()) if gap else None
        return match if match and match["word"] else None

    def _group(self, text: str, value: float, match: re.Match[str]) -> tuple[float, int]:
        """Add the hundreds, tens and ones of a spelled number, before any scale."""
        end = match.end()
        while value < _GROUP and match["word"] and (following := self._next(text, end)) is not None:
            more = self._words[following["word"]]
            ones_first = value % 100 in range(1, 10) and more in range(20, 100, 10) and "و" in text[end : end + 3]
            if more >= _GROUP or not (ones_first or _fits(value, more)):
                break
            value, end = value + more, following.end()
        return value, end

    def _scaled(self, text: str, value: float, end: int) -> tuple[float, int, bool]:
        """Apply the scale words that follow a number."""
        scaled = False
        for _ in range(2):
            scale = first_at(self._scales, text, end)
            if scale is None or (self._chinese and _PREFIXED_UNIT.match(text, scale[1] - 1)):
                break
            value, end, scaled = value * scale[0], scale[1], True
        return value, end, scaled

    def _value(self, parts: dict[str, str | None]) -> float | None:
        share = parts.get("share") or ""
        digits = parts.get("digits") or (share if share[:1].isdigit() else "")
        if digits:
            if _THOUSANDS.match(digits):
                digits = re.sub(r"[,\u066c\u00a0 ]", "", digits)
            return float(digits.replace(",", ".").replace("\u066b", "."))
        if share:
            return _chinese(share)
        word = parts.get("word")
        if not word:
            return None
        return _chinese(word) if self._chinese else self._words.get(word)


def _fits(value: float, more: float) -> bool:
    """Whether a part can follow in a spelled number: a hundred and twenty, twenty and five."""
    power = next((power for power in _POWERS if value >= power and value % power == 0), 0.0)
    return 0 < more < (power or (10 if value % 100 in range(20, 100, 10) else 0))


def _chinese(word: str) -> float:
    total, digit = 0, 0
    for character in word:
        if character in _CHINESE_TENS:
            total += max(digit, 1) * _CHINESE_TENS[character]
            digit = 0
        else:
            digit = digit * 10 + _CHINESE_DIGITS.get(character, 0)
    return float(total + digit)
