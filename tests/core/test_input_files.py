"""Input files: only regular ones are opened, never more of one than memory holds, and all readers go through here."""

from __future__ import annotations

import ast
import gzip
import os
import re
from pathlib import Path

import pytest

import landlink
from landlink.core.errors import InputError
from landlink.core.input_files import is_folder, open_input, read_input, reason_of
from tests.support.odd_places import PLACES, needs_posix, odd_place, vast_file

SOURCE = Path(landlink.__file__).parent

#: Calls that open a file to read it.
OPENING = re.compile(
    r"^(read_bytes|read_text|open|fdopen|File|ParquetFile|read_parquet|read_csv|read_table|connect|load_workbook|copyfile"
    r"|read_excel|read_json|fromfile|loadtxt|genfromtxt|memmap|ZipFile|GzipFile|decompress)$"
)
#: Modules that may: the one place, and those that open what landlink installed, what the system or another run of it
#: keeps, or a stream that they were given.
ALLOWED = {
    "core/input_files.py": {"open", "fdopen", "GzipFile"},
    "core/memory.py": {"read_text"},  # /proc and control groups
    "core/atomic_files.py": {"open"},  # flushes what it wrote
    "core/file_lock.py": {"open"},  # its own locks
    "core/work_folder.py": {"open"},  # its own marks
    "core/kernel_cache.py": {"read_bytes"},  # of the package
    "core/borders.py": {"open"},  # of the package
    "core/countries.py": {"read_text"},  # of the package
    "core/currency.py": {"read_text"},  # of the package
    "ensemble/cluster_part.py": {"read_bytes"},  # the code of the package
    "ensemble/run_folder.py": {"open"},  # its own lock
    "trade/published.py": {"open", "read_csv"},  # of the package
    "carbon/published_factors.py": {"open"},  # of the package
    "cli/streams.py": {"open", "fdopen"},  # the null device
    "formats/authorship.py": {
        "open",
        "connect",
        "File",
        "ZipFile",
        "read_json",
    },  # of streams, and where one was opened
    "formats/hdf5_input.py": {"File"},  # of a stream
    "formats/omx.py": {"File"},  # written
    "formats/link_classes.py": {"open"},  # of the package
    "formats/parquet_input.py": {"ParquetFile", "read_parquet"},  # of a stream
    "formats/matrices.py": {"read_csv"},  # of a stream
    "formats/geopackage.py": {"connect"},  # in memory
    "analysis/ileap_export.py": {"open"},  # written
    "cli/serving.py": {"open"},  # a page in the browser
    "formats/docx_text.py": {"open", "ZipFile"},  # of a stream
    "formats/word.py": {"ZipFile"},  # of streams
    "report/statement_words.py": {"read_text"},  # of the package
    "statement/clause_features.py": {"read_text"},  # of the package
    "statement/lexicon.py": {"read_bytes"},  # of the package
    "statement/reading_quality.py": {"read_text"},  # of the package
    "report/browser_print.py": {"read_bytes"},  # what a browser printed for it
    "report/interactive_map.py": {"read_text"},  # of the package
    "report/standalone.py": {"read_text"},  # of the package
    "report/page.py": {"read_text"},  # of the package
    "report/page_template.py": {"read_text"},  # of the package
    "report/review.py": {"read_text"},  # of the package
    "report/words.py": {"read_text"},  # of the package
}


def test_a_regular_file_is_read_also_through_a_link(tmp_path: Path) -> None:
    path = tmp_path / "a file"
    path.write_bytes(b"text")
    (tmp_path / "link").symlink_to(path)
    assert read_input(path) == read_input(tmp_path / "link") == b"text"


@needs_posix
@pytest.mark.parametrize("kind", PLACES)
def test_anything_else_is_refused_without_waiting(tmp_path: Path, kind: str) -> None:
    told = odd_place(tmp_path / "table.csv", kind)
    with pytest.raises(OSError, match=told) as caught:
        open_input(tmp_path / "table.csv")
    assert told in reason_of(caught.value)


@pytest.mark.parametrize("name", ["a\0b", "\udc80", "x" * 5000, "", "nowhere"])
def test_a_name_that_is_none_is_an_error_of_the_system(tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match=r"invalid file name|too long|folder|No such file"):
        read_input(f"{tmp_path}/{name}")
    assert not is_folder(f"{tmp_path}/{name}") or name == ""


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100)
    assert len(read_input(path, most=100)) == 100
    with pytest.raises(OSError, match="too large; allowed: at most 99 bytes"):
        read_input(path, most=99)


def test_a_file_larger_than_memory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"vast.*would take .* of memory.*available"):
        read_input(vast_file(tmp_path / "vast"), memory_per_byte=1e6)


def test_an_archive_is_unpacked_within_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"x" * 10_000_000))
    assert len(read_input(path, unpack=True)) == 10_000_000
    assert read_input(path)[:2] == b"\x1f\x8b"
    with pytest.raises(OSError, match="too large"):
        read_input(path, unpack=True, most=5_000_000)


def test_an_archive_is_refused_once_its_content_would_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(bytes(32 * 1024 * 1024)))
    assert path.stat().st_size < 50_000
    with pytest.raises(InputError, match="of memory"):
        read_input(path, unpack=True, memory_per_byte=1e9)


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b[:20] + b"\0" * 20 + b[40:], lambda b: b[:12]])
def test_a_damaged_archive_is_an_error_of_the_system(tmp_path: Path, damage) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(damage(gzip.compress(os.urandom(1000))))
    with pytest.raises(OSError, match=r"gzip|Compressed file|CRC"):
        read_input(path, unpack=True)


def _is_writing(call: ast.Call) -> bool:
    """Whether a file is opened with a mode that writes."""
    return any(isinstance(word, ast.Constant) and str(word.value) in ("w", "wb", "x", "xb", "ab") for word in call.args)


def _calls(path: Path) -> set[str]:
    """Names of the functions called in a module, those of attributes included, landlink's own left out."""
    tree = ast.parse(path.read_text("utf-8"))
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    own = {name.name for node in froms if (node.module or "").startswith("landlink") for name in node.names}
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call) and not _is_writing(node)]
    names = {call.id for call in calls if isinstance(call, ast.Name)} - own
    return names | {call.attr for call in calls if isinstance(call, ast.Attribute)}


def test_no_module_opens_input_in_another_way() -> None:
    found = {}
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        opening = {call for call in _calls(path) if OPENING.match(call)} - ALLOWED.get(name, set())
        if opening:
            found[name] = opening
    assert found == {}
