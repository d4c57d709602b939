"""Studies are read and checked once by each worker: most tests open the same small one in a folder of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from landlink.study import Study, opening

#: Studies that are kept, the last ones opened.
_KEPT = 64


@contextmanager
def studies_read_once() -> Iterator[None]:
    """Within it, a folder that holds the very bytes of another opened before gives its study; what is refused is read.

    Frames are copies on write, so that nothing that a test does to one reaches another. The bundled study, which takes
    long to read and to hash, is one object for all.
    """
    known: dict[bytes, Study] = {}
    read = opening._opened
    bundled = {opening._bundle() / name for name in opening.bundled_studies()}

    def opened(folder: Path) -> Study:
        if (key := _digest(folder)) is None:
            return read(folder)
        found = known.pop(key, None) or read(folder)
        known[key] = found
        if len(known) > _KEPT:
            known.pop(next(iter(known)))
        if folder in bundled:
            return found
        tables = {name: frame.copy(deep=False) for name, frame in found.tables.items()}
        return replace(found, tables=MappingProxyType(tables), path=folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_opened", opened)
        yield


def _digest(folder: Path) -> bytes | None:
    """Digest of the names and bytes of a folder's files; ``None`` if it holds links, or cannot be read."""
    found = hashlib.sha256()
    try:
        for path in sorted(folder.iterdir()):
            if path.is_symlink():
                return None
            content = path.read_bytes() if path.is_file() else b""
            found.update(f"{path.name!r}:{path.is_file()}:{len(content)}:".encode(errors="surrogateescape"))
            found.update(content)
    except OSError:
        return None
    return found.digest()
