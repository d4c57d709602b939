"""How files tell that landlink wrote them, so that nothing else is ever replaced unasked.

Each format has its own place for such a mark; a single CSV file has none, and is known by its header. Where the format
tells, a file that was saved by another program since counts as changed. The readers here get any file whatsoever: they
read a bounded part of it and answer no when in doubt.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from landlink.core.errors import InputError
from landlink.core.input_files import open_input, read_input

__all__ = [
    "MARK",
    "any_of",
    "csv_header_is",
    "csv_header_like",
    "csv_header_with_names",
    "marked_geopackage",
    "marked_html",
    "marked_json",
    "marked_omx",
    "marked_parquet",
    "marked_workbook",
    "office_properties",
    "read_json",
    "times_of",
]

#: The key, property or attribute that holds the kind of a file.
MARK: Final = "landlink"
#: Most bytes read of the beginning of a file, and of a JSON document.
_HEAD: Final = 16_384
_LARGEST: Final = 256 * 1024 * 1024
#: Memory of a character of a JSON document once it is read, bytes.
_JSON_MEMORY: Final = 20.0
#: Steps after which a query of an unknown database is given up.
_STEPS: Final = 100_000
#: Most bytes of a value of such a database.
_LONGEST: Final = 1_000_000


def any_of(readers: dict[str, Callable[[Path], bool]]) -> Callable[[Path], bool]:
    """Read the mark of a file as its suffix demands."""

    def wrote(path: Path) -> bool:
        reader = readers.get(path.suffix.lower())
        return reader is not None and reader(path)

    return wrote


def marked_html(kind: str) -> Callable[[Path], bool]:
    """Whether a page names landlink and a kind of page as its generator."""
    generator = re.compile(rf'<meta name="generator" content="landlink [^"<>]*\({re.escape(kind)}\)">')

    def wrote(path: Path) -> bool:
        return generator.search(_head(path).partition("<title")[0]) is not None

    return wrote


def csv_header_is(header: Sequence[str]) -> Callable[[Path], bool]:
    """Whether the first line of a CSV file has exactly these columns."""
    line = ",".join(header)
    return lambda path: _head(path).partition("\n")[0].rstrip("\r") == line


def csv_header_like(header: re.Pattern[str]) -> Callable[[Path], bool]:
    """Whether the first line of a CSV file matches a pattern as a whole, where some of its columns vary."""
    return lambda path: header.fullmatch(_head(path).partition("\n")[0].rstrip("\r")) is not None


def csv_header_with_names(header: Sequence[str]) -> Callable[[Path], bool]:
    """Whether the first line of a CSV file has exactly these columns, or names in further languages after them."""
    return csv_header_like(re.compile(re.escape(",".join(header)) + r"(,name_[A-Za-z0-9-]+)*"))


def marked_json(kind: str) -> Callable[[Path], bool]:
    """Whether a JSON document is marked with a kind."""

    def wrote(path: Path) -> bool:
        document = read_json(path)
        return document is not None and document.get(MARK) == kind

    return wrote


def read_json(path: Path) -> dict[str, Any] | None:
    """Object of a JSON file; ``None`` if there is none or it cannot be read."""
    try:
        document = json.loads(read_input(path, most=_LARGEST, memory_per_byte=_JSON_MEMORY).decode("utf-8"))
    except (OSError, ValueError, RecursionError, InputError):
        return None
    return document if isinstance(document, dict) else None


def marked_parquet(kind: str) -> Callable[[Path], bool]:
    """Whether the schema of a Parquet file is marked with a kind."""

    def wrote(path: Path) -> bool:
        import pyarrow as pa  # noqa: PLC0415  only this needs it
        import pyarrow.parquet as pq  # noqa: PLC0415

        try:
            with open_input(path) as file:
                metadata = pq.read_schema(file).metadata or {}
        except (OSError, ValueError, pa.ArrowException):
            return False
        return bool(metadata.get(MARK.encode()) == kind.encode())

    return wrote


def marked_omx(kind: str) -> Callable[[Path], bool]:
    """Whether an Open Matrix file is marked with a kind."""

    def wrote(path: Path) -> bool:
        import h5py  # noqa: PLC0415  only this needs it

        try:
            with open_input(path) as stream, h5py.File(stream, "r") as file:
                found = file.attrs.get(MARK)
        except (OSError, RuntimeError, ValueError, TypeError, KeyError):
            return False
        return bool(found == kind or found == kind.encode())

    return wrote


def marked_workbook(kind: str) -> Callable[[Path], bool]:
    """Whether a workbook has the property of a kind, and no program has saved it since it was made."""
    mark = re.compile(rf'name="{MARK}"[^>]*><vt:lpwstr>{re.escape(kind)}</vt:lpwstr>')

    def wrote(path: Path) -> bool:
        own, core = office_properties(path, "custom", "core") or ("", "")
        return mark.search(own) is not None and len(times_of(core)) == 1

    return wrote


def office_properties(path: Path, *names: str) -> tuple[str, ...] | None:
    """Properties of a workbook or document, such as ``core``, as XML; ``None`` if it has none or cannot be read."""
    try:
        with open_input(path) as file, zipfile.ZipFile(file) as archive:
            return tuple(_member(archive, f"docProps/{name}.xml") for name in names)
    except (OSError, ValueError, KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return None


def times_of(core: str) -> set[str]:
    """Times at which a workbook or document says that it was made and saved."""
    return set(re.findall(r"<dcterms:(?:created|modified)[^>]*>([^<]*)<", core))


def marked_geopackage(path: Path) -> bool:
    """Whether a GeoPackage says that it was made with landlink, and no program has changed a layer since."""
    if path.with_name(f"{path.name}-wal").exists():
        return False
    try:
        open_input(path).close()  # the library opens whatever it is given
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            base.execute("PRAGMA trusted_schema = OFF")
            # A column may be an expression that makes any amount of text.
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            base.set_progress_handler(lambda: 1, _STEPS)
            tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('about', 'gpkg_contents')"
            if base.execute(tables).fetchone() != (2,):
                return False
            made = base.execute("SELECT text FROM about WHERE what = 'Made with'").fetchone()
            times = base.execute("SELECT count(DISTINCT last_change) FROM gpkg_contents").fetchone()
    except (OSError, sqlite3.Error, ValueError):
        return False
    return made is not None and str(made[0]).startswith("landlink ") and times == (1,)


def _head(path: Path) -> str:
    """Beginning of a text file; empty if it cannot be read."""
    try:
        with open_input(path) as file:
            return file.read(_HEAD).decode("utf-8", errors="replace")
    except OSError:
        return ""


def _member(book: zipfile.ZipFile, name: str) -> str:
    with book.open(name) as file:
        return file.read(_HEAD).decode("utf-8", errors="replace")
