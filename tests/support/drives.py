"""The package's drives, and variants of them with one parameter changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from landlink.carbon.drives import Drive, drives_of
from landlink.study.carbon_defaults import default_rows


class _Drives(dict[Any, Drive]):
    """``PACKAGE[id]`` is a drive of the package, ``PACKAGE[id, column, value]`` one that differs in a column."""

    def __missing__(self, key: tuple[str, str, float]) -> Drive:
        name, column, value = key
        return replace(self[name], **{column: value})


PACKAGE = _Drives(drives_of(default_rows("drive")))
