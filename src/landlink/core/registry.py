"""Registries that the floors of the house fill: who needs an entry need not know which floor declared it.

A floor declares what it contributes (tables, indicators) as plain tuples. One module at the top, the composition root,
knows every floor and includes their contributions. Floors below ask a registry; the first question loads the
module of the composition root that fills it, through the hook set by :func:`load_with`, so no floor imports one above
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import RLock
from typing import Generic, Protocol, TypeVar

__all__ = ["Named", "Registry", "load_with"]


class Named(Protocol):
    """Anything that is known by a name."""

    @property
    def name(self) -> str:
        """What it is known by."""


Item = TypeVar("Item", bound=Named)

_lock = RLock()
_loaders: list[Callable[[str], object]] = []


def load_with(loader: Callable[[str], object]) -> None:
    """Set what fills the registries: it is called with the name of each, once, when that one is first read."""
    _loaders.append(loader)


class Registry(Mapping[str, Item], Generic[Item]):
    """Entries by name, in the order in which they were included.

    Parameters
    ----------
    name
        What it holds, in the plural; the loader is called with it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._items: dict[str, Item] = {}
        self._loaded = False

    def _load(self) -> None:
        with _lock:
            if not self._loaded:
                # Marked first: what is loaded may read the registry.
                self._loaded = True
                try:
                    for loader in _loaders:
                        loader(self._name)
                except BaseException:
                    self._loaded = False
                    raise

    def include(self, items: Iterable[Item]) -> None:
        """Add entries.

        Raises
        ------
        ValueError
            A name is taken already.
        """
        for item in items:
            if self._items.setdefault(item.name, item) is not item:
                raise ValueError(f"two entries are called {item.name!r}; {self._name} need names of their own")

    def __getitem__(self, name: str) -> Item:
        self._load()
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        self._load()
        return iter(self._items)

    def __len__(self) -> int:
        self._load()
        return len(self._items)
