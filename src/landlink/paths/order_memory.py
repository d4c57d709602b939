"""Orders of elimination that this process found before.

The network of a scenario is built anew for each solve, and is often the one before it with other costs; distances to
destinations need the same order for the graph turned round. An order takes longer to find than several searches, and
only four bytes for each node to keep.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import Final

import numpy as np

from landlink.core.arrays import Ints, Ints32
from landlink.paths.elimination import elimination_sequence, undirected

__all__ = ["remembered_order"]

#: Orders kept; the one unused for longest is dropped.
MOST: Final = 8

_kept: OrderedDict[bytes, Ints32] = OrderedDict()
_lock = Lock()


def remembered_order(first_out: Ints, head: Ints) -> Ints:
    """Order of elimination of a graph: the one that a hierarchy would find, or found for the same graph before.

    Parameters
    ----------
    first_out, head
        Graph in compressed-sparse form; shapes (nodes + 1,) and (arcs,).

    Returns
    -------
    Ints
        Nodes in order of elimination, shape (nodes,).
    """
    digest = hashlib.sha256()
    for part in undirected(first_out, head):
        digest.update(f"{part.dtype}{len(part)}".encode() + part.tobytes())
    key = digest.digest()
    with _lock:
        if (found := _kept.get(key)) is not None:
            _kept.move_to_end(key)
            return found.astype(np.int64)
    order = elimination_sequence(first_out, head)
    with _lock:
        _kept[key] = order.astype(np.int32)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return order
