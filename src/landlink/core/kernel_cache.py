"""Machine code of kernels, kept on disk in a folder of the user's own.

numba keeps compiled code beside the source or in a folder that others may share, and refuses to compile where neither
can be written. Here it is kept in a private folder (:mod:`landlink.core.cache_folder`), or in memory alone. Several
processes may compile the same kernels at once: each entry has a file of its own, written before the index names it.
"""

from __future__ import annotations

import hashlib
import inspect
import pickle
import uuid
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from numba import config
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile
from numba.core.registry import CPUDispatcher

from landlink.core.cache_folder import private_below, private_folder, say_once
from landlink.core.file_lock import locked

__all__ = ["kernel_cache"]

_FOLDER: Final = "kernels"
#: What reading a pickle that is damaged, or of a class that is gone, raises.
_UNREADABLE: Final = (AttributeError, ImportError, EOFError, IndexError, ValueError, pickle.UnpicklingError)


def kernel_cache(function: Callable[..., object]) -> FunctionCache | None:
    """Cache of a function's machine code; ``None`` where nothing can be kept, which is said once."""
    if _folder() is None or not Path(inspect.getfile(function)).is_file():
        return None
    return _KernelCache(function)


@cache
def _folder() -> Path | None:
    """Folder of the caches of all modules: in ``NUMBA_CACHE_DIR``, else in the user's cache folder."""
    given = str(getattr(config, "CACHE_DIR", ""))
    folder, reason = private_below(Path(given), f"landlink-{_FOLDER}") if given else private_folder(_FOLDER)
    if folder is None:
        say_once(
            f"compiling in memory, since {reason}; set LANDLINK_CACHE to a folder of your own to compile only once"
        )
    return folder


class _Locator:
    """Tells numba where a function's code is kept and what it was compiled from."""

    def __init__(self, function: Callable[..., object], source: str, folder: Path) -> None:
        self._function = function
        self._py_file = source
        # Sources of one name may lie in several folders: checkouts, versions.
        place = hashlib.sha256(str(Path(source).resolve().parent).encode(errors="surrogateescape")).hexdigest()
        self._path = folder / f"{Path(source).resolve().parent.name}-{place[:16]}"

    @classmethod
    def from_function(cls, function: Callable[..., object], source: str) -> _Locator | None:
        folder = _folder()
        return None if folder is None else cls(function, source, folder)

    def ensure_cache_path(self) -> None:
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def get_cache_path(self) -> str:
        return str(self._path)

    def get_source_stamp(self) -> str:
        """SHA-256 of the sources of the function and of all kernels that it can call."""
        digest = hashlib.sha256()
        for source in sorted(_sources(self._function)):
            digest.update(_content(source))
        return digest.hexdigest()

    def get_disambiguator(self) -> str:
        return str(self._function.__code__.co_firstlineno)


def _sources(function: Callable[..., object]) -> set[str]:
    """Files of a function and, through their names, of the kernels that it can reach."""
    found: set[str] = set()
    waiting = [function]
    while waiting:
        one = waiting.pop()
        source = inspect.getfile(one)
        if source not in found:
            found.add(source)
            waiting += _kernels_known_to(one)
    return found


def _kernels_known_to(function: Callable[..., object]) -> Iterator[Callable[..., object]]:
    for value in list(function.__globals__.values()):
        if isinstance(value, CPUDispatcher):
            yield value.py_func


@cache
def _content(source: str) -> bytes:
    return hashlib.sha256(Path(source).read_bytes()).digest()


class _Impl(CompileResultCacheImpl):
    """Code of functions, in the private folder only."""

    _locator_classes: Any = (_Locator,)


class _CacheFile(IndexDataCacheFile):
    """The files of one function's cache: an index, and a file for each signature.

    numba numbers the files of signatures and writes the index before them. Of two processes one could then read
    the other's code, or code of an older source, under its own signature.
    """

    def save(self, key: object, data: object) -> None:
        folder, base = Path(self._cache_path), self._index_name.removesuffix(".nbi")
        with locked(folder / "lock"):
            entries = self._load_index()
            name = f"{base}.{uuid.uuid4().hex[:16]}.nbc"
            self._save_data(name, data)
            entries[key] = name
            self._save_index(entries)
            for old in folder.glob(f"{_literal(base)}.*.nbc"):
                if old.name not in entries.values():
                    old.unlink(missing_ok=True)

    def _load_index(self) -> Any:
        """Entries of the index; none where it cannot be read.

        numba unpickles an index before it asks whether the source has changed. After an upgrade the index may name a
        class that is gone, and loading the function would fail for good.
        """
        try:
            return super()._load_index()
        except _UNREADABLE:
            return {}

    def _load_data(self, name: str) -> Any:
        try:
            return super()._load_data(name)
        except _UNREADABLE:
            return None


def _literal(text: str) -> str:
    """A pattern of file names that matches a text alone."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in text)


class _KernelCache(FunctionCache):
    """Cache of one function; where the disk fails, code is compiled and stays in memory."""

    _impl_class = _Impl

    def __init__(self, function: Callable[..., object]) -> None:
        super().__init__(function)
        stamp = self._impl.locator.get_source_stamp()
        self._cache_file = _CacheFile(
            cache_path=self._cache_path, filename_base=self._impl.filename_base, source_stamp=stamp
        )

    def load_overload(self, sig: object, target_context: object) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except OSError:
            return None

    def save_overload(self, sig: object, data: object) -> None:
        try:
            super().save_overload(sig, data)
        except OSError as error:
            say_once(f"compiled code cannot be kept ({error.strerror or error}); it is compiled again next time")
