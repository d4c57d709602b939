"""Reading of HDF5 files of strangers: only what lies in the file itself, of a known kind and a size that fits.

HDF5 can place the values of a dataset into other files (external storage, virtual datasets, external links), and can
load programs to unpack it (filters). A file of a few kilobytes could so carry any file of this machine into a matrix,
or declare a matrix larger than memory. Everything is checked before any value is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from landlink.core.errors import InputError, Problem
from landlink.core.input_files import open_input, reason_of
from landlink.core.memory import in_bytes, memory_problem
from landlink.core.problem_list import ProblemList

if TYPE_CHECKING:
    import h5py

__all__ = ["datasets_of", "opened_hdf5"]

#: Filters that the library brings along: deflate, shuffle, checksums, szip, n-bit, scale-offset, LZF.
_FILTERS: Final = frozenset({1, 2, 3, 4, 5, 6, 32000})
#: Largest ratio of the values declared to the bytes stored; deflate, the densest of the filters, reaches 1,032.
_DENSEST: Final = 2000
#: Size up to which a dataset may be declared without being stored, bytes.
_SMALL: Final = 64 * 1024 * 1024
#: What a damaged file makes the library raise.
_DAMAGE: Final = (
    OSError, RuntimeError, ValueError, TypeError, KeyError, OverflowError, AttributeError, IndexError,
    NotImplementedError,
)  # fmt: skip


@contextmanager
def opened_hdf5(path: Path, what: str) -> Iterator[h5py.File]:
    """Open an HDF5 file for reading.

    Parameters
    ----------
    path
        The file.
    what
        What it should be, for problems, such as ``an Open Matrix file``.

    Raises
    ------
    InputError
        The file does not exist, is not HDF5, or turns out to be damaged while it is open.
    """
    import h5py  # noqa: PLC0415  only this needs it

    try:
        stream = open_input(path)
    except FileNotFoundError:
        raise InputError(Problem(path.name, "the file does not exist", value=str(path))) from None
    except OSError as error:
        raise InputError(Problem(path.name, f"cannot be read: {reason_of(error)}", value=str(path))) from None
    with stream:
        try:
            with h5py.File(stream, "r") as file:
                yield file
        except _DAMAGE as error:
            raise InputError(Problem(path.name, f"not {what}, or damaged ({error})", value=str(path))) from None


def datasets_of(file: h5py.File, group: str, name: str) -> dict[str, h5py.Dataset]:
    """Find the datasets of a group that can be read safely.

    Parameters
    ----------
    file
        An open file.
    group
        Name of a group of the file; one that is absent has no datasets.
    name
        Name of the file, for problems.

    Returns
    -------
    dict
        Datasets by name, in the order of the library.

    Raises
    ------
    InputError
        The group is something else, or a member is not a dataset, lies outside the file, needs an unknown filter, or is
        too large; lists all problems.
    """
    import h5py  # noqa: PLC0415  only this needs it

    problems = ProblemList()
    if not _is_link_within(file, group, name, problems):
        if problems:
            raise InputError(problems.listed())
        return {}
    place = file[group]
    if not isinstance(place, h5py.Group):
        raise InputError(Problem(name, f"/{group} is not a group", value=type(place).__name__, allowed="a group"))
    found: dict[str, h5py.Dataset] = {}
    for member in place:
        if not _is_link_within(place, member, name, problems, f"/{group}/"):
            continue
        item = place[member]
        if isinstance(item, h5py.Dataset):
            faults = list(_faults(item, f"/{group}/{member}", name))
            problems.extend(faults)
            found[member] = item
        else:
            kind = type(item).__name__
            problems.add(Problem(name, "not a dataset", f"/{group}/{member}", value=kind, allowed="a dataset"))
    need = sum(_memory(item) for item in found.values())
    if not problems and (large := memory_problem(need, f"reading {len(found):,} datasets of /{group}", table=name)):
        problems.add(large)
    if problems:
        raise InputError(problems.listed())
    return found


def _is_link_within(place: h5py.Group, member: str, name: str, problems: ProblemList, prefix: str = "/") -> bool:
    """Whether a group has a member that lies in the same place of the same file, not behind a link to elsewhere."""
    from h5py import h5l  # noqa: PLC0415  only this needs it

    key = member.encode("utf-8", "surrogateescape")
    if not place.id.links.exists(key):
        return False
    if place.id.links.get_info(key).type == h5l.TYPE_HARD:
        return True
    message = "a link to another place or file"
    problems.add(Problem(name, message, prefix + member, allowed="data in the file itself"))
    return False


def _faults(data: Any, where: str, name: str) -> Iterator[Problem]:
    """Find why a dataset must not be read."""
    from h5py import h5d  # noqa: PLC0415  only this needs it

    made = data.id.get_create_plist()
    allowed = "values in the file itself"
    if made.get_layout() == h5d.VIRTUAL:
        yield Problem(name, "a virtual dataset, which is read from other files", where, allowed=allowed)
        return
    if made.get_external_count() > 0:
        yield Problem(name, "the values lie in another file of the machine", where, allowed=allowed)
        return
    filters = [made.get_filter(number)[0] for number in range(made.get_nfilters())]
    for code in filters:
        if code not in _FILTERS:
            words = "compression that every reader knows, such as gzip"
            yield Problem(name, "an unknown filter", where, value=str(code), allowed=words)
    if data.shape is None:
        yield Problem(name, "the dataset is empty", where, allowed="values")
        return
    declared, stored = math.prod(data.shape) * data.dtype.itemsize, data.id.get_storage_size()
    if declared > _SMALL and declared > _DENSEST * stored:
        found = f"{in_bytes(declared)} declared, {in_bytes(stored)} stored"
        yield Problem(name, "the dataset declares far more values than it stores", where, value=found)


def _memory(data: Any) -> float:
    """Memory of a dataset read as floating point, and of one block of it as stored, bytes."""
    if data.shape is None:
        return 0.0
    item = data.dtype.itemsize
    block = math.prod(data.chunks) * item if data.chunks else 0
    copy = 0 if data.dtype == "float64" else item
    return float(math.prod(data.shape)) * (8 + copy) + 2.0 * block
