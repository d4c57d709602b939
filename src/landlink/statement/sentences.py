"""Split a text into paragraphs and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

__all__ = ["MAX_LENGTH", "TextSpan", "paragraphs", "sentences"]

#: Longest sentence in characters; longer ones are cut at punctuation, so that no text can make the rules slow.
MAX_LENGTH: Final = 2_000
_LINE: Final = re.compile(r"[^\n]+")
_END: Final = re.compile(
    r"[。！？；][”」』\"’）)]*|(?<![!?؟…])[!?؟…]+[\"”»)’]*(?=\s|$)|(?<!\.)\.+[\"”»)’]*(?=\s|$)|[;؛](?=\s|$)"
)
#: Abbreviations, whose full stop ends no sentence.
_SHORT: Final = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|h\.e|e\.g|i\.e|no|nos|art|st|vs|cf|inc|ltd|co|u\.s|u\.n|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|"
    r"nov|dec|approx|incl|gen|gov|sen|rep|г|гг|св|т\.е|т\.д|т\.п|др|пр|им|ст|руб|долл|тыс|млн|млрд|трлн|кв|куб|см|п|пп|ул|обл|"
    r"см|напр|проф|акад|ген|а\.ж|د|أ|م|هـ|ص)|\b\w|\b\d{1,2})\.$",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(
    r"\s*(?!г\.\s*(?-i:[А-ЯЁ])[\w-]+(?:[\s,]+\d|,|\s*$))(?:(?:and|or|и|و)\s+(?=\())?"
    r"(?:(?:أولا|ثانيا|ثالثا|رابعا|خامسا|سادسا|سابعا|ثامنا|تاسعا|عاشرا|(?:حادي|ثاني|ثالث|رابع|خامس) عشر)[ًَُ]?\s*[:،–-]"
    r"|[-–—•*·▪◦‣]{1,2}|任务\s*[\d一二三四五六七八九十]{1,3}[:：.、]|[A-ZА-Я]\d{1,2}(?:\.\d{1,2})?[\s/.)]\s*[/|]?"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}(?=\s+(?!(?:million|billion|trillion|thousand|per|тыс|млн|млрд|%)\b)[^\W\d])"
    r"|[(（]?(?:\d{1,3}(?:\.\d{1,2})*|[a-zа-яأ-ي]|[ivx]{1,5}|[一二三四五六七八九十]{1,3})[.)、．）](?![a-zа-я]\.)"
    r"|(?:\d{1,3}|[أ-ي])\s?[-–](?=\s))\s*(?=\S)",
    re.IGNORECASE,
)
#: Number of an article, which makes no list item of it.
_ARTICLE: Final = re.compile(r"\s*第[一二三四五六七八九十百零\d]{1,5}条[\s:：]+(?=\S)")
#: Punctuation that ends a sentence after which a list may continue.
_SEMICOLONS: Final = ";；؛"
_OPENING: Final = ":：" + _SEMICOLONS
_NEXT: Final = re.compile(r"\s*(\S)")
_SOFT_CUT: Final = re.compile(r"[,،，、;\s]")


@dataclass(frozen=True)
class TextSpan:
    """The span of a sentence in the text.

    Attributes
    ----------
    start, end
        The span.
    item
        Whether a bullet or number marks it as a list item.
    opens
        Whether list items may follow, since it ends with a colon or a semicolon.
    follows
        Whether a semicolon precedes it.
    """

    start: int
    end: int
    item: bool = False
    opens: bool = False
    follows: bool = False


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the lines that are not blank."""
    for line in _LINE.finditer(text):
        if line.group().strip():
            yield line.start(), line.end()


def sentences(text: str, start: int, end: int) -> list[TextSpan]:
    """Split one paragraph into sentences.

    Parameters
    ----------
    text
        The whole normalised text.
    start, end
        Span of the paragraph.

    Returns
    -------
    list of TextSpan
        Its sentences, in order.
    """
    begin, item = _after_mark(text, start, end)
    follows = False
    found: list[TextSpan] = []
    for match in _END.finditer(text, begin, end):
        if match.start() < begin or not _ends(text, begin, match, end):
            continue
        found += _fitting(text, begin, match.end(), item=item, follows=follows)
        begin, item = _after_mark(text, match.end(), end)
        follows = match.group()[0] in _SEMICOLONS
    found += _fitting(text, begin, end, item=item, follows=follows)
    return [replace(span, opens=text[span.end - 1] in _OPENING) for span in found]


def _after_mark(text: str, start: int, end: int) -> tuple[int, bool]:
    """Skip the bullet or number of a list item; return the new start, and whether there was one."""
    if (article := _ARTICLE.match(text, start, end)) and article.end() < end:
        return article.end(), False
    mark = _ITEM.match(text, start, end)
    return (mark.end(), True) if mark and mark.end() < end else (start, False)


def _ends(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    if match.group()[0] != ".":
        return True
    if len(match.group()) == 1 and _SHORT.search(text, max(begin, match.start() - 8), match.end()):
        rest = text[match.end() : match.end() + 3].lstrip()
        # "в 2025 г. Стороны": after a year the abbreviation does end the sentence.
        return bool(rest) and rest[0].isupper() and text[match.start() - 1] in "гд" and match.end() < end
    following = _NEXT.match(text, match.end(), end)
    return following is None or not (following.group(1).islower() or following.group(1) in ",;)")


def _fitting(text: str, start: int, end: int, *, item: bool, follows: bool) -> list[TextSpan]:
    """Trim a span, and cut it where it is too long."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    found = []
    while end - start > MAX_LENGTH:
        cuts = list(_SOFT_CUT.finditer(text, start + MAX_LENGTH // 2, start + MAX_LENGTH))
        cut = cuts[-1].end() if cuts else start + MAX_LENGTH
        found.append(TextSpan(start, cut, item, follows=follows))
        start = cut
    return [*found, TextSpan(start, end, item, follows=follows)] if end > start else found
