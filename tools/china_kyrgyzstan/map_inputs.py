"""Fetch the two public packages that the maps are drawn from, and read what is needed straight out of them."""

from __future__ import annotations

import json
import re
import tarfile
import zipfile
from pathlib import Path
from typing import Any

from tools.downloads import ATLAS, ROUTES, fetch


def inputs_folder() -> Path:
    """Folder that holds the two packages, fetched now if they are not there yet."""
    return fetch(ATLAS, ROUTES)


def atlas(folder: Path, scale: str) -> dict[str, Any]:
    """Return the TopoJSON of all countries at ``"10m"``, ``"50m"`` or ``"110m"``."""
    with tarfile.open(folder / ATLAS.file) as archive:
        member = archive.extractfile(f"package/countries-{scale}.json")
        if member is None:
            raise SystemExit(f"{ATLAS.file}: no countries at {scale}")
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
    with zipfile.ZipFile(folder / ROUTES.file) as archive:
        text = archive.read(f"scgraph_data/world_{name}.py").decode()
    # The module is two assignments of plain literals: read them as JSON rather than run 36 MB of code.
    found = {line.partition("=")[0].strip(): line.partition("=")[2] for line in text.splitlines()}
    return json.loads(found["nodes"]), json.loads(re.sub(r"(\d+):", r'"\1":', found["graph"]))
