"""A copy of a study under its own name: id and title of ``study.toml`` replaced, everything else as it was."""

from __future__ import annotations

import json
import re
from typing import Final

from landlink.core.errors import InputError, Problem
from landlink.study.settings import FILE_NAME
from landlink.study.toml_text import parse_toml

__all__ = ["renamed_settings"]

_KEY: Final = re.compile(r"(id|title|title_[a-z]+(?:-[A-Za-z]+)?)\s*=")
_MULTILINE: Final = re.compile(r'"""|\'\'\'')


def renamed_settings(text: str, *, study_id: str, title: str) -> str:
    """Replace id and title in the text of ``study.toml``; comments and order stay.

    Titles in other languages are left out: they name the study that was copied.

    Parameters
    ----------
    text
        The settings.
    study_id, title
        Id and title of the copy.

    Raises
    ------
    InputError
        The settings are no TOML, or are written in a way in which the names cannot be replaced line by line.
    """
    before = parse_toml(text, FILE_NAME)
    lines = list(_renamed(text.splitlines(keepends=True), {"id": study_id, "title": title}))
    found = "".join(lines)
    names = {key for key in before if _KEY.fullmatch(f"{key}=")}
    expected = {key: value for key, value in before.items() if key not in names} | {"id": study_id, "title": title}
    try:
        as_expected = parse_toml(found, FILE_NAME) == expected
    except InputError:
        as_expected = False
    if not as_expected:
        allowed = 'lines id = "..." and title = "..." before the first table'
        raise InputError(Problem(FILE_NAME, "id and title cannot be replaced", allowed=allowed))
    return found


def _renamed(lines: list[str], names: dict[str, str]) -> list[str]:
    """Lines with the names replaced, where they stand outside tables and texts of several lines."""
    found: list[str] = []
    waiting, inside, at_top = dict(names), "", True
    for line in lines:
        if not inside and at_top:
            at_top = not line.lstrip().startswith("[")
            if not at_top:
                found += _written(waiting)
            elif key := _KEY.match(line):
                if value := waiting.pop(key[1], None):
                    found += _written({key[1]: value})
                continue
        for quotes in _MULTILINE.findall(line):
            inside = quotes if not inside else "" if quotes == inside else inside
        found.append(line)
    if at_top:
        found += ["\n" if found and not found[-1].endswith("\n") else "", *_written(waiting)]
    return found


def _written(names: dict[str, str]) -> list[str]:
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in names.items()]
