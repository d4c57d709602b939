"""Fetch public packages that data is taken from. Versions and checksums are fixed, so the same bytes come in anywhere.

Set ``LANDLINK_MAP_INPUTS`` to a folder to keep the downloads, or to put them there by hand where there is no network.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ATLAS", "BABEL", "PYCOUNTRY", "ROUTES", "Package", "fetch"]


@dataclass(frozen=True)
class Package:
    """A file of a package registry: its name, its SHA-256 and the command that downloads it."""

    file: str
    sha256: str
    command: tuple[str, ...]


def _wheel(file: str, sha256: str, requirement: str) -> Package:
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", requirement)
    return Package(file, sha256, pip)


ATLAS = Package(
    "world-atlas-2.0.2.tgz",
    "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
    ("npm", "pack", "--silent", "world-atlas@2.0.2"),
)
ROUTES = _wheel(
    "scgraph_data-2.0.0-py3-none-any.whl",
    "a8df15f4d9b4cce945f195b27c9e239ac49ebfa81aa948afc882b28653725406",
    "scgraph_data==2.0.0",
)
BABEL = _wheel(
    "babel-2.19.0-py3-none-any.whl",
    "6d49734aed1d595b2c065d012174df8c83964692f26fc461702281634dd7555b",
    "babel==2.19.0",
)
PYCOUNTRY = _wheel(
    "pycountry-26.2.16-py3-none-any.whl",
    "115c4baf7cceaa30f59a4694d79483c9167dbce7a9de4d3d571c5f3ea77c305a",
    "pycountry==26.2.16",
)


def fetch(*packages: Package) -> Path:
    """Return a folder that holds the packages, downloaded now if they are not there yet."""
    kept = os.environ.get("LANDLINK_MAP_INPUTS")
    folder = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="landlink-inputs-"))
    folder.mkdir(parents=True, exist_ok=True)
    for package in packages:
        path = folder / package.file
        if not path.is_file():
            subprocess.run(package.command, cwd=folder, check=True)  # noqa: S603 -- fixed commands, no outside words
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != package.sha256:
            raise SystemExit(f"{path}: not the expected file (SHA-256 {found})")
    return folder
