"""Tables are read once by each worker: most tests open a small study that differs from others in a table or two."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from landlink.core.currency import Currency
from landlink.study import Study, opening
from landlink.tables import read
from landlink.tables.column import Table

#: Tables that are kept, those that were read last, and the most bytes of one.
_KEPT, _LARGEST = 1000, 50_000


@contextmanager
def tables_read_once() -> Iterator[None]:
    """Within it, a file with the very bytes of another gives the same table; one with faults is read each time.

    Frames are copied on write, so that nothing that a test does to one reaches another. A bundled study, which takes
    long to check and to hash, is one object for all.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "_read", _Tables(read._read))
        patch.setattr(opening, "_opened", _bundled_once(opening._opened))
        yield


class _Tables:
    """Reads a table, or gives what was read of the same bytes."""

    def __init__(self, reading_of: Callable[..., Any]) -> None:
        self._reading_of = reading_of
        self._known: dict[tuple[object, ...], Any] = {}

    def __call__(
        self, path: Path, schema: Table, languages: Collection[str] | None = None, currency: Currency | None = None
    ) -> Any:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return self._reading_of(path, schema, languages, currency)
        digest = hashlib.sha256(path.read_bytes()).digest()
        key = (digest, schema, None if languages is None else tuple(sorted(languages)), currency)
        if (found := self._known.pop(key, None)) is None:
            found = self._reading_of(path, schema, languages, currency)
            if found.problems or not found.whole:
                return found
        self._known[key] = found
        if len(self._known) > _KEPT:
            self._known.pop(next(iter(self._known)))
        return type(found)(found.frame.copy(deep=False), [], found.names, found.whole)


def _bundled_once(opened: Callable[[Path], Study]) -> Callable[[Path], Study]:
    bundled = {opening._bundle() / name for name in opening.bundled_studies()}
    known = lru_cache(opened)
    return lambda folder: known(folder) if folder in bundled else opened(folder)
