"""Lines that are rows of a table, their cells parted by strokes: "1 | Build a road | 2027 | Ministry of Transport".

Which of them name columns, and whether those are the columns of a table of measures, follows from the words in them.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["cell_spans", "cells_of", "is_of_figures", "is_table_line", "names_columns", "names_measures", "row_measure"]

#: A stroke between spaces, or strokes at both ends of a line or of a cell.
_STROKED: Final = re.compile(r"\s\|\s|\|.*\|")
_CELL: Final = re.compile(r"[^|]+")
#: Longest name of a column, and longest number of a row, in characters.
_NAME: Final = 60
_DIGIT: Final = re.compile(r"[\d٠-٩]")
_NUMBER: Final = re.compile(
    r"[№#(（]*\s*(?:no\.?\s*)?(?:[\d٠-٩]{1,3}(?:\.[\d٠-٩]{1,3})*|[ivxlc]{1,5}"
    r"|[a-zа-яأ-ي][\d٠-٩]{0,2}|[一二三四五六七八九十]{1,3})?\s*[.)）、．]?",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r".{6}[.。;]$")
_YEAR: Final = re.compile(r"(?:по состоянию на )?(?:19|20)\d\d\s?(?:г\.?|год|年|م)?")
#: Names of the columns of a table of measures: what is done, by when, by whom, and how much.
_WHAT: Final = re.compile(
    r"\b(?:measures?|actions?|activit(?:y|ies)|tasks?|steps?|commitments?|initiatives?|projects?|works?|deliverables?"
    r"|мероприяти[еяй]|мер[аы]?|действи[ея]|задач[аи]?|обязательств[ао]?|шаги?|проект(?:ы|а|ов)?|работ[аы]?"
    r"|поручени[ея])\b"
    r"|措施|任务|项目|行动|举措|事项|内容"
    r"|الإجراء|الاجراء|إجراءات|النشاط|الأنشطة|التدبير|التدابير|المهمة|المهام|المشروع|المشاريع|الالتزام|المبادرة|الخطوة",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(
    r"\b(?:deadlines?|time ?lines?|time ?frames?|time limits?|due|completion|by when|target date|schedule"
    r"|(?:implementation|execution) (?:dates?|periods?)"
    r"|срок\w*|период\w*|дата (?:исполн|заверш|реализ|выполн)\w+)\b"
    r"|时限|期限|时间|进度|موعد|الموعد|المدة|الجدول الزمني|الإطار الزمني|المهلة|تاريخ",
    re.IGNORECASE,
)
_WHO: Final = re.compile(
    r"\b(?:responsib\w+|who|by whom|lead|executors?|owners?|(?:implementing|executing) (?:agenc\w+|bod\w+|partners?)"
    r"|кто|ответственн\w*|исполнител\w*)\b|责任|牵头|负责|单位|部门|المسؤول|المسئول|المنفذ|الجهة|الجهات",
    re.IGNORECASE,
)
_HOW_MUCH: Final = re.compile(
    r"\b(?:targets?|indicators?|results?|outputs?|outcomes?|показател[ьи]|индикатор\w*|результат\w*|целев\w*)\b"
    r"|指标|目标|成果|المؤشر|الهدف|المستهدف|النتائج|النتيجة",
    re.IGNORECASE,
)


def is_table_line(line: str) -> bool:
    """Whether strokes part a line into cells."""
    return _STROKED.search(line) is not None and sum(1 for _ in cell_spans(line)) > 1


def cell_spans(line: str) -> list[tuple[int, int]]:
    """Find the cells of a line that are not empty."""
    found = []
    for cell in _CELL.finditer(line):
        inner = cell.group().strip()
        if inner:
            start = cell.start() + cell.group().index(inner[0])
            found.append((start, start + len(inner)))
    return found


def cells_of(line: str) -> list[str]:
    """Split a line into its cells."""
    return [line[start:end] for start, end in cell_spans(line)]


def names_columns(line: str, following: str) -> bool:
    """Whether a line names the columns of a table; without a known name it does if only the line below has digits."""
    cells = cells_of(line)
    if any(len(cell) > _NAME or _SENTENCE.search(cell) for cell in cells):
        return False
    if all(_NUMBER.fullmatch(cell) or not any(letter.isalpha() for letter in cell) for cell in cells):
        # The numbers of the columns, or the line under their names.
        return True
    kinds = len(_kinds(cells))
    numbered = _NUMBER.fullmatch(cells[0]) is not None and not _DIGIT.search(cells[0]) and cells[0][0] in "№#"
    plain = not any(_DIGIT.search(cell) for cell in cells)
    return plain and (kinds > 1 or numbered or bool(_DIGIT.search(following)))


def names_measures(line: str) -> bool:
    """Whether the columns that a line names are those of a table of measures."""
    kinds = _kinds(cells_of(line))
    return ("what" in kinds and len(kinds) > 1) or {"when", "who"} <= kinds


def is_of_figures(line: str) -> bool:
    """Whether a line names years as columns, as that of a table of figures does."""
    return sum(_YEAR.fullmatch(cell) is not None for cell in cells_of(line)) > 1


def row_measure(line: str) -> tuple[int, int]:
    """Find the measure of a row with its target and date: from its first words to the last cell with a digit.

    The number of the row, and who is responsible, are left out.
    """
    spans = cell_spans(line)
    while len(spans) > 1 and _NUMBER.fullmatch(line, *spans[0]):
        spans = spans[1:]
    dated = [end for start, end in spans[1:] if _DIGIT.search(line, start, end)]
    return spans[0][0], dated[-1] if dated else spans[0][1]


def _kinds(cells: list[str]) -> set[str]:
    """Collect what columns of the given names hold."""
    named = (("what", _WHAT), ("when", _WHEN), ("who", _WHO), ("how much", _HOW_MUCH))
    # A column that says when an action is done says when, not what.
    found = set()
    for cell in cells:
        kinds = [kind for kind, pattern in named if pattern.search(cell)]
        other = [kind for kind in kinds if kind != "what"]
        found.update(other[:1] or kinds)
    return found
