"""What each line of a document is: title, heading, row of a table, names of its columns, or text.

Titles and headings commit to nothing and end the lists before them; a row of a table of measures is one clause.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import Final

from landlink.statement.measure_fields import begins_field
from landlink.statement.table_lines import (
    cells_of,
    is_of_figures,
    is_table_line,
    names_columns,
    names_measures,
    row_measure,
)

__all__ = ["Role", "line_roles", "row_cells", "row_span"]


class Role(Enum):
    """Role of a line.

    A row is a clause in a plan or under a verb that governs it, a measure is one whatever the text; columns govern the
    rows below them, and labels, the names of the columns of a table with strokes, do nothing.
    """

    TEXT = "text"
    TITLE = "title"
    HEADING = "heading"
    ROW = "row"
    MEASURE = "measure"
    COLUMNS = "columns"
    LABELS = "labels"


_ENDS: Final = tuple(".。!！?？;；:：…,，،؛")
_CLOSING: Final = "\"'»”’)）」』】 "
#: Most lines of a title, and lines from which a text has one whatever its first line says.
_TITLE: Final = 8
_LONG_TEXT: Final = 6
#: Longest heading in words, and in characters of Chinese.
_WORDS: Final = 14
_CHARACTERS: Final = 30
_CJK: Final = re.compile("[\u4e00-\u9fff]")
_MARK: Final = re.compile(
    r"\s*(?:[-–—•*·▪◦‣]{1,2}\s*|[A-ZА-Я]\d{1,2}(?:\.\d{1,2})?(?=[\s/.)])|任务\s*[\d一二三四五六七八九十]+[:：.、]"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}(?=\s)|[(（]?(?:\d{1,3}(?:\.\d{1,3})*|[a-zа-яأ-ي]|[ivxlc]{1,5}|[一二三四五六七八九十]{1,3})[.)、．）]+)",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    r"\s*(?:(?:article|section|chapter|part|annex|appendix|schedule|статья|раздел|глава|часть|приложение|المادة|الفصل|القسم|الباب|الملحق)\b"
    r"|第[一二三四五六七八九十百\d]{1,4}(?:条|章|节|编|部分|阶段)|附件|附录|附表)",
    re.IGNORECASE,
)
#: Separators of the cells of a row: wide gaps anywhere; strokes only between spaces.
_GAPS: Final = re.compile(r"\t+| {2,}|\u3000+|\s+\|\s+")
_STROKES: Final = re.compile(r"\s+[/–—-]\s+")
_DIGIT: Final = re.compile(r"[\d٠-٩]")
#: Names of the columns of a table of measures.
_COLUMN: Final = re.compile(
    r"\b(?:measures?|actions?|activit(?:y|ies)|tasks?|targets?|deadlines?|dates?|time(?:line| limit)"
    r"|indicators?|мероприяти[ея]|мер[аы]|"
    r"действи[ея]|задач[аи]|срок\w*|показател[ьи]|цел[ьи])\b|目标|指标|时限|时间|年份|期限|任务|措施|项目|الموعد|الهدف|المؤشر|الإجراء|التدبير|المهمة|المدة",
    re.IGNORECASE,
)


def line_roles(lines: Sequence[str], *, plan: bool = False) -> list[Role]:
    """Find the roles of the lines of a document.

    Parameters
    ----------
    lines
        Its paragraphs, in order.
    plan
        Whether its title shows a plan, so that the rows of its tables are measures.

    Returns
    -------
    list of Role
        The role of each.
    """
    lines = [line.strip() for line in lines]
    roles = [Role.TEXT] * len(lines)
    styles = [_style(line) for line in lines]
    first = _title(lines, styles)
    for number in range(first):
        roles[number] = Role.TITLE if number == 0 and len(lines) >= _LONG_TEXT else Role.HEADING
    tables = _tables(lines, plan=plan)
    for number in range(first, len(lines)):
        roles[number] = tables[number] if number in tables else _role(lines, styles, number, roles)
    return roles


def row_span(line: str) -> tuple[int, int]:
    """Find the clause of a row: without its number, and without a last cell that only says who is responsible."""
    return row_measure(line) if is_table_line(line) else (0, _row_end(line))


def row_cells(line: str) -> list[str]:
    """Split a row into its cells, however they are parted."""
    return cells_of(line) if is_table_line(line) else _cells(line)


def _tables(lines: Sequence[str], *, plan: bool) -> dict[int, Role]:
    """Find the roles of the lines whose cells strokes part; a table goes on after a line that divides it."""
    found: dict[int, Role] = {}
    rows: Role | None = None
    apart = 0
    stroked = [is_table_line(line) for line in lines]
    for number, line in enumerate(lines):
        if not stroked[number]:
            apart += 1
            rows = None if apart > 1 or _ended(line) else rows
            continue
        apart = 0
        following = lines[number + 1] if number + 1 < len(lines) and stroked[number + 1] else ""
        names = names_columns(line, following if rows is None else "")
        if rows is None or (names and names_measures(line)):
            governed = plan or (number > 0 and lines[number - 1].endswith((":", "：")))
            rows = _rows_below(line, governed=governed and bool(following))
        found[number] = Role.LABELS if names and rows is not Role.TEXT else rows
    return found


def _rows_below(line: str, *, governed: bool) -> Role:
    """Role of the rows of a table that begins with a line."""
    if names_measures(line) and names_columns(line, ""):
        return Role.MEASURE
    return Role.ROW if governed and not is_of_figures(line) else Role.TEXT


def _row_end(line: str) -> int:
    """Find where the clause of a row ends: before a last cell without a number that follows one with a number."""
    cuts = list(_separators(line))
    if len(cuts) > 1:
        last, before = line[cuts[-1].end() :], line[cuts[-2].end() : cuts[-1].start()]
        if _DIGIT.search(before) and not _DIGIT.search(last):
            return cuts[-1].start()
    return len(line)


def _style(line: str) -> str:
    """Style of the mark of a list item or heading, as ``(a)`` or ``1.1.``; empty if it has none."""
    mark = _MARK.match(line)
    if mark is None:
        return ""
    plain = re.sub(r"\d+", "1", mark.group().strip().casefold())
    return re.sub(r"[一二三四五六七八九十]+", "一", re.sub(r"[^\W\d_一-龥]+", "a", plain))


def _ended(line: str) -> bool:
    return line.rstrip(_CLOSING).endswith(_ENDS) or line.endswith(_ENDS)


def _short(line: str) -> bool:
    if _CJK.search(line):
        return len(line) <= _CHARACTERS
    return len(line.split()) <= _WORDS


def _title(lines: Sequence[str], styles: Sequence[str]) -> int:
    """Count the opening lines that are a title: without mark and without punctuation at the end."""
    count = 0
    while count < min(len(lines) - 1, _TITLE) and _may_be_title(lines[count], styles[count]):
        count += 1
    return count


def _may_be_title(line: str, style: str) -> bool:
    return not (_ended(line) or style or is_table_line(line))


def _role(lines: Sequence[str], styles: Sequence[str], number: int, roles: Sequence[Role]) -> Role:
    line = lines[number]
    following = lines[number + 1] if number + 1 < len(lines) else ""
    if _ended(line):
        return Role.TEXT
    if _NUMBERED.match(line) and _short(line):
        return Role.HEADING
    if (role := _role_in_table(line, following, after_row=bool(number) and roles[number - 1] is Role.ROW)) is not None:
        return role
    if not _short(line) or begins_field(line) or begins_field(following):
        return Role.TEXT
    if styles[number]:
        near = [styles[other] for other in (number - 1, number + 1) if 0 <= other < len(lines)]
        return Role.TEXT if styles[number] in near else Role.HEADING
    return Role.TEXT if line[:1].islower() or _listed(lines, styles, number) else Role.HEADING


def _role_in_table(line: str, following: str, *, after_row: bool) -> Role | None:
    """Role of a line of several cells; None if it is no line of a table."""
    cells, below = _cells(line), _cells(following)
    if len(cells) > 1 and (after_row or any(_DIGIT.search(cell) for cell in cells[1:])):
        return Role.ROW
    columns = len(cells) > 1 and len(below) > 1 and _COLUMN.search(line) is not None
    return Role.COLUMNS if columns or (len(cells) > 2 and len(below) > 2) else None


def _listed(lines: Sequence[str], styles: Sequence[str], number: int) -> bool:
    """Whether a line stands in a list without marks: only such lines up to one that ends with a colon."""
    for before in range(number - 1, -1, -1):
        if lines[before].endswith((":", "：")):
            return True
        if styles[before] or _ended(lines[before]):
            return False
    return False


def _separators(line: str) -> Sequence[re.Match[str]]:
    mark = _MARK.match(line)
    start = mark.end() if mark else 0
    gaps = [gap for gap in _GAPS.finditer(line, start) if line[start : gap.start()].strip(" /–—-|")]
    if gaps:
        return gaps
    strokes = [gap for gap in _STROKES.finditer(line, start) if line[start : gap.start()].strip(" /–—-|")]
    return strokes if len(strokes) > 1 else []


def _cells(line: str) -> list[str]:
    """Split a line into cells; one if it is no row."""
    cells, start = [], 0
    for gap in _separators(line):
        cells.append(line[start : gap.start()])
        start = gap.end()
    return [*cells, line[start:]]
