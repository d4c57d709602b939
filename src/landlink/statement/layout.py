"""Undo the layout of a page: join the lines of a paragraph, drop page numbers and running heads.

In a text broken into lines, a line ends where the next word would not have fitted. Only such ends are joined; those of
headings, of list items and of the last line of a paragraph are not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from landlink.statement.line_heads import goes_on, listed_styles, midsentence
from landlink.statement.table_lines import is_table_line

__all__ = ["PAGE_END", "Edit", "Layout", "undo_layout"]

#: Characters of the longest line of a text that may be broken into lines.
_WIDEST: Final = 130
#: Number of lines that reach the margin from which a text counts as broken into lines, and their share.
_FEWEST_FULL: Final = 3
_LEAST_FULL: Final = 0.2
#: Width of a line from which a next one that plainly goes on shows that a text is broken into lines.
_SURELY_FULL: Final = 60
#: Share of the width at which a line still reaches the margin; the right margin of a page is ragged.
_RAGGED: Final = 0.86
#: Times that a line without a page number beside it must come back to be a running head; and how no such head ends.
_OFTEN: Final = 3
#: What ends a page in a text, as programs that read PDF files write it.
PAGE_END: Final = "\f"
#: Lines at either end of a page among which running heads are sought, the fewest pages for it, and their share.
_EDGE: Final = 3
_FEWEST_PAGES: Final = 2
_EDGE_SHARE: Final = 0.4
_NO_HEAD: Final = (".", "。", ";", "；", ":", "：", ",", "，", "،")
_CJK: Final = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_ENDS: Final = tuple(".!?:;。！？：；؟؛…")
_SHORTENED: Final = re.compile(r"(?<!\d\s)\b(?:г|п|пп|ст|ул|им|No|Art|Mr|Mrs|Dr|[A-ZА-ЯЁ])\.$")
_CLOSING: Final = "\"'»”’)）」』】 "
#: A page number on a line of its own, alone or as "- 3 -", "Page 3 of 10", "стр. 3", "第 3 页".
_PAGE: Final = re.compile(
    r"[-–—\s|·•]*(?:(?:page|p\.|стр\.?|страница|с\.|صفحة|ص|第)\s*)?[\d٠-٩]{1,4}(?:\s*(?:页|頁))?"
    r"(?:\s*(?:/|of|из|من|共)\s*[\d٠-٩]{1,4}(?:\s*(?:页|頁))?)?[-–—\s|·•]*",
    re.IGNORECASE,
)
#: What begins a line of its own: a bullet, a number, a letter in brackets, an article, a heading in Chinese.
_ITEM: Final = re.compile(
    r"\s*(?:[-–—•*·▪◦‣○■□►]\s|(?:[\d٠-٩]{1,3}|[أ-ي])\s?[-–]\s|[(（]?(?:\d{1,3}(?:\.\d{1,3})*|[a-zа-яأ-ي]|[ivxlc]{1,6}|[一二三四五六七八九十]{1,4})[.)、．）:：]\s*\S"
    r"|[一二三四五六七八九十]{1,4}[、．]|第[一二三四五六七八九十百\d]{1,4}[条章节项]|(?:article|section|chapter|annex|статья|раздел|глава|"
    r"приложение|المادة|الفصل|القسم|الملحق)\s)",
    re.IGNORECASE,
)
_HYPHENS: Final = ("-", "‐")
#: Joint of two lines whose hyphen stays.
_HYPHEN: Final = "-"
#: First halves of words that keep their hyphen at the end of a line: "cross-border".
_KEEPS_HYPHEN: Final = frozenset(
    {
        "cross", "non", "self", "multi", "inter", "long", "high", "low", "well", "mid", "short", "large", "small",
        "two", "three", "four", "five", "six", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "north", "south",
        "east", "west", "co", "pre", "post", "anti", "counter", "public", "private", "socio", "land", "sea", "air",
        "rail", "road", "door", "duty", "tax", "трансп", "торгово", "научно", "социально", "общественно", "культурно",
        "финансово", "военно", "северо", "юго", "по",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """A replacement of the characters from ``start`` to ``end``."""

    start: int
    end: int
    by: str


@dataclass(frozen=True)
class Layout:
    """What was done to the lines of a text.

    Attributes
    ----------
    joined
        Number of line ends that were joined.
    hyphens
        Number of hyphens at line ends that were removed.
    dropped
        Lines that were left out: page numbers and running heads.
    """

    joined: int = 0
    hyphens: int = 0
    dropped: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.joined or self.dropped)

    def __str__(self) -> str:
        if not self:
            return "the lines of the text are its paragraphs"
        parts = [f"{self.joined:,} line ends joined"]
        if self.hyphens:
            parts.append(f"{self.hyphens:,} hyphens at line ends removed")
        if self.dropped:
            shown = ", ".join(f"“{line}”" for line in dict.fromkeys(self.dropped[:3]))
            parts.append(f"{len(self.dropped):,} lines left out as page numbers or running heads ({shown})")
        return "; ".join(parts)


@dataclass(frozen=True)
class _Line:
    """A line that is not blank: its span without spaces at either end, its text, its indent, its printed width.

    ``opens`` says whether it begins with the indent of a Chinese paragraph, ``page`` on which page it stands.
    """

    start: int
    end: int
    text: str
    indent: int
    width: int
    opens: bool
    page: int


def undo_layout(text: str) -> tuple[list[Edit], Layout]:
    """Find the edits that make each paragraph of a text one line.

    Parameters
    ----------
    text
        The text, with line feeds at the ends of lines.

    Returns
    -------
    tuple of list and Layout
        The edits in order, and what they amount to; none for a text whose lines are its paragraphs.
    """
    lines = _lines(text)
    width = _width(text, lines)
    if not width:
        return [], Layout()
    furniture = _furniture(lines)
    kept = [(number, line) for number, line in enumerate(lines) if number not in furniture]
    listed = listed_styles([line.text for _, line in kept])
    edits: list[Edit] = []
    joined = hyphens = 0
    for (number, one), (later, following) in pairwise(kept):
        gap = text[one.end : following.start]
        across = later > number + 1 or following.page > one.page
        within = bool(edits) and edits[-1].end == one.start
        by = _joint(one, following, width, blank=gap.count("\n") > 1, across=across, within=within, listed=listed)
        if by is None:
            continue
        cut = 1 if by == "" and one.text.endswith(_HYPHENS) else 0
        edits.append(Edit(one.end - cut, following.start, "" if by == _HYPHEN else by))
        joined, hyphens = joined + 1, hyphens + cut
    starts = [edit.start for edit in edits]
    dropped = [lines[number] for number in sorted(furniture)]
    for line in dropped:
        before = bisect_right(starts, line.start) - 1
        if before < 0 or edits[before].end < line.end:
            edits.append(Edit(line.start, line.end, ""))
    layout = Layout(joined, hyphens, tuple(line.text for line in dropped))
    return sorted(edits, key=lambda edit: edit.start), layout


def _lines(text: str) -> list[_Line]:
    found, start, page = [], 0, 0
    measure = _columns if PAGE_END in text else len
    for raw in text.split("\n"):
        inner = raw.strip()
        lead = raw[: len(raw) - len(raw.lstrip())]
        breaks = lead.count(PAGE_END)
        if inner:
            opens = lead.strip(PAGE_END).startswith("\u3000")
            # The indent of a Chinese paragraph takes part of its first line.
            width = measure(lead.replace(PAGE_END, "") + inner if opens and _CJK.match(inner) else inner)
            begin = start + len(lead)
            found.append(_Line(begin, begin + len(inner), inner, len(lead) - breaks, width, opens, page + breaks))
        page += raw.count(PAGE_END)
        start += len(raw) + 1
    return found


def _columns(text: str) -> int:
    """Width of a printed line, in letters of which a Chinese one takes two."""
    return len(text) + len(_CJK.findall(text))


def _width(text: str, lines: Sequence[_Line]) -> int:
    """Find the width at which a text was broken into lines; 0 if its lines are its paragraphs."""
    prose = [line for line in lines if not is_table_line(line.text)]
    lengths = sorted(line.width for line in prose)
    if len(lengths) <= 1:
        return 0
    width = lengths[min(len(lengths) - 1, int(0.95 * len(lengths)))]
    if PAGE_END in text:
        return width if len(lengths) > _FEWEST_FULL else 0
    if lengths[-1] > _WIDEST or lengths[-1] > 1.5 * width:
        return 0
    open_ended = sum(
        not _ended(one) and (one.width >= _RAGGED * width or _is_full(one, following, width))
        for one, following in pairwise([*prose, prose[-1]])
    )
    many = len(lengths) > _FEWEST_FULL and open_ended >= max(_FEWEST_FULL, _LEAST_FULL * len(prose))
    return width if many or _plainly_broken(text, prose, width) else 0


def _plainly_broken(text: str, lines: Sequence[_Line], width: int) -> bool:
    """Whether the first line of a paragraph is full, ends no sentence, and the next plainly goes on."""
    return width >= _SURELY_FULL and any(
        _is_full(one, following, width)
        and not (_ended(one) or one.text[:1].islower() or _ITEM.match(following.text))
        and goes_on(following.text)
        and text[one.end : following.start].count("\n") == 1
        for one, following in pairwise(lines)
    )


def _is_full(one: _Line, following: _Line, width: int) -> bool:
    """Whether the first word of the next line would not have fitted; a Chinese line ends with any character."""
    chinese = _CJK.match(one.text[-1]) or _CJK.match(following.text[0])
    first = 1 if chinese else 1 + len(following.text.split()[0])
    return one.width + first >= _RAGGED * width


def _ended(line: _Line) -> bool:
    """Whether a line ends a sentence, as one does not that ends with an initial or the abbreviation of a word."""
    return line.text.rstrip(_CLOSING).endswith(_ENDS) and _SHORTENED.search(line.text) is None


def _furniture(lines: Sequence[_Line]) -> set[int]:
    """Find page numbers, and lines that come back on page after page."""
    pages = {number for number, line in enumerate(lines) if _PAGE.fullmatch(line.text)}
    plain = [re.sub(r"[\d٠-٩]+", "#", line.text.casefold()) for line in lines]
    counts = Counter(plain)
    beside = Counter(words for number, words in enumerate(plain) if {number - 1, number + 1} & pages)
    repeated = {
        number
        for number, words in enumerate(plain)
        if number not in pages
        and not lines[number].text.endswith(_NO_HEAD)
        and not _ITEM.match(lines[number].text)
        # On page after page: beside page numbers, or so often that it can be nothing else.
        and (2 * beside[words] >= counts[words] > 1 or counts[words] >= _OFTEN)
        and _is_apart(lines, number, pages)
    }
    return pages | repeated | _edges(lines, plain)


def _edges(lines: Sequence[_Line], plain: Sequence[str]) -> set[int]:
    """Find the lines at the head or the foot of a page that come back on other pages, where page ends are known."""
    by_page: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        by_page.setdefault(line.page, []).append(number)
    if len(by_page) < _FEWEST_PAGES:
        return set()
    edges = {number for found in by_page.values() for number in (*found[:_EDGE], *found[-_EDGE:])}
    counts = Counter(words for page in by_page.values() for words in {plain[n] for n in page if n in edges})
    often = max(2, _EDGE_SHARE * len(by_page))
    return {number for number in edges if counts[plain[number]] >= often}


def _is_apart(lines: Sequence[_Line], number: int, pages: set[int]) -> bool:
    """Whether a line has a blank line or a page number on one side."""
    line = lines[number]
    before = number == 0 or lines[number - 1].end + 1 + line.indent < line.start or number - 1 in pages
    after = number == len(lines) - 1 or line.end + 1 + lines[number + 1].indent < lines[number + 1].start
    return before or after or number + 1 in pages


def _joint(
    one: _Line, following: _Line, width: int, *, blank: bool, across: bool, within: bool, listed: frozenset[str]
) -> str | None:
    """Say what joins two lines: a space or nothing; None if they are of different paragraphs.

    ``within`` says whether the first goes on from a line before it, ``listed`` which marks begin the items of lists.
    """
    ended = _ended(one)
    chinese = bool(_CJK.match(one.text[-1]) or _CJK.match(following.text[0]))
    item = _ITEM.match(following.text) and (ended or not midsentence(following.text, listed))
    if following.opens or item or _breaks(one, following, width, chinese=chinese, blank=blank, across=across):
        return None
    full = _is_full(one, following, width)
    plainly = within and not (ended or chinese) and goes_on(following.text)
    if not (full or across or plainly) or _parts_rows(one, following):
        return None
    if chinese:
        return None if ended and one.width < width - 2 else ""
    if one.text.endswith(_HYPHENS) and following.text[:1].islower():
        half = re.split(r"[\s-]", one.text[:-1])[-1].casefold()
        return _HYPHEN if half in _KEEPS_HYPHEN else ""
    return " "


def _parts_rows(one: _Line, following: _Line) -> bool:
    """Whether one of two lines is a row of a table that does not go on in the other."""
    row = is_table_line(one.text)
    return (row or is_table_line(following.text)) and not (row and following.text[:1].islower())


def _breaks(one: _Line, following: _Line, width: int, *, chinese: bool, blank: bool, across: bool) -> bool:
    """Whether a paragraph ends between two lines, by the blank lines, the page break or the indent between them."""
    ended = _ended(one)
    if not (blank or across):
        return not chinese and following.indent > one.indent + 1 and ended
    # A page break within a sentence: not ended, and the line before is full or the next goes on in lower case.
    full = one.width >= _RAGGED * width
    return not across or ended or (following.text[:1].isupper() and not chinese and not full)
