"""Fetch the two public packages that the maps are drawn from, and read what is needed straight out of them.

Versions and checksums are fixed, so the same bytes come in wherever the study is built. Set ``LANDLINK_MAP_INPUTS`` to a
folder to keep the downloads, or to put them there by hand where there is no network.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

ATLAS = "world-atlas-2.0.2.tgz"
ROUTES = "scgraph_data-2.0.0-py3-none-any.whl"

_SHA256 = {
    ATLAS: "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
    ROUTES: "a8df15f4d9b4cce945f195b27c9e239ac49ebfa81aa948afc882b28653725406",
}
_FETCH = {
    ATLAS: ["npm", "pack", "--silent", "world-atlas@2.0.2"],
    ROUTES: [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "scgraph_data==2.0.0"],
}


def inputs_folder() -> Path:
    """Folder that holds the two packages, fetched now if they are not there yet."""
    kept = os.environ.get("LANDLINK_MAP_INPUTS")
    folder = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="landlink-maps-"))
    folder.mkdir(parents=True, exist_ok=True)
    for name, command in _FETCH.items():
        if not (folder / name).is_file():
            subprocess.run(command, cwd=folder, check=True)  # noqa: S603 -- fixed commands, no outside words
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != _SHA256[name]:
            raise SystemExit(f"{folder / name}: not the expected file (SHA-256 {found})")
    return folder


def atlas(folder: Path, scale: str) -> dict[str, Any]:
    """Return the TopoJSON of all countries at ``"10m"``, ``"50m"`` or ``"110m"``."""
    with tarfile.open(folder / ATLAS) as archive:
        member = archive.extractfile(f"package/countries-{scale}.json")
        if member is None:
            raise SystemExit(f"{ATLAS}: no countries at {scale}")
        topology: dict[str, Any] = json.load(member)
    return topology


def routes(folder: Path, name: str) -> tuple[list[list[float]], list[dict[str, float]]]:
    """Return the world network ``"highways"`` or ``"railways"``.

    Returns
    -------
    nodes
        ``[latitude, longitude]`` of each node, degrees.
    graph
        For each node, km to each neighbour; keys are node numbers as text.
    """
    with zipfile.ZipFile(folder / ROUTES) as archive:
        text = archive.read(f"scgraph_data/world_{name}.py").decode()
    # The module is two assignments of plain literals: read them as JSON rather than run 36 MB of code.
    found = {line.partition("=")[0].strip(): line.partition("=")[2] for line in text.splitlines()}
    return json.loads(found["nodes"]), json.loads(re.sub(r"(\d+):", r'"\1":', found["graph"]))
