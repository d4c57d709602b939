"""Size of an installation: landlink and each of its dependencies."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path

_BYTES_PER_MB = 1_000_000.0


def installed_sizes(package: str = "landlink") -> dict[str, float]:
    """Size on disk of a package and of its dependencies.

    Parameters
    ----------
    package
        Name of an installed package, without its extras.

    Returns
    -------
    dict[str, float]
        MB by package, largest first. Python's bytecode caches are included if
        the installer listed them.
    """
    sizes: dict[str, float] = {}
    waiting = [package]
    while waiting:
        name = waiting.pop()
        if name in sizes:
            continue
        try:
            found = distribution(name)
        except PackageNotFoundError:  # needed only on another platform or Python
            continue
        sizes[name] = _size_mb(found)
        waiting += _needs(found)
    return dict(sorted(sizes.items(), key=lambda item: -item[1]))


def _size_mb(package: Distribution) -> float:
    paths = [Path(str(package.locate_file(file))) for file in package.files or ()]
    if package.name == "landlink":  # an editable install lists only a pointer to the sources
        paths = list(Path(str(files("landlink"))).rglob("*"))
    return sum(path.stat().st_size for path in paths if path.is_file()) / _BYTES_PER_MB


def _needs(package: Distribution) -> list[str]:
    """Names of the packages that a package requires, without extras."""
    required = [text for text in package.requires or () if "extra ==" not in text]
    return [re.split(r"[\s;<>=!~\[(]", text, maxsplit=1)[0].lower() for text in required]
