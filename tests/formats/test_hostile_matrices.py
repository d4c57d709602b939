"""Matrices of strangers: files that reach into others, ask for more than memory, or hold what is no matrix."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landlink.core.errors import InputError, LandlinkError
from landlink.formats.matrices import read_matrices
from tests.support.odd_places import PLACES, needs_posix, odd_place

EYE = np.eye(2)
GOOD = "origin,destination,a\n1,1,0\n1,2,1\n2,1,2\n2,2,0\n"
Fill = Callable[[Any], object]
MANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)


def told(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_matrices(path)
    return str(caught.value)


def omx(path: Path, fill: Fill, *, good: bool = True) -> Path:
    """A file with a good matrix, and what else is filled in."""
    with h5py.File(path, "w") as file:
        if good:
            file["data/a"], file["lookup/zone"] = EYE, np.array([1, 2])
        fill(file)
    return path


@needs_posix
@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("suffix", [".omx", ".csv", ".parquet"])
def test_anything_but_a_file_is_refused(tmp_path: Path, suffix: str, kind: str) -> None:
    words = odd_place(tmp_path / f"m{suffix}", kind)
    assert words in told(tmp_path / f"m{suffix}")


def _external(file: Any) -> None:
    secret = Path(file.filename).with_name("secret")
    secret.write_bytes(np.arange(4.0).tobytes())
    file.create_dataset("data/b", (2, 2), "f8", external=[(str(secret), 0, h5py.h5f.UNLIMITED)])


def _external_link(file: Any) -> None:
    other = omx(Path(file.filename).with_name("other.omx"), lambda _: None)
    file["data/b"] = h5py.ExternalLink(other.name, "/data/a")


def _external_group(file: Any) -> None:
    other = omx(Path(file.filename).with_name("other.omx"), lambda _: None)
    del file["lookup"]
    file["lookup"] = h5py.ExternalLink(other.name, "/lookup")


def _virtual(file: Any) -> None:
    other = omx(Path(file.filename).with_name("other.omx"), lambda _: None)
    layout = h5py.VirtualLayout((2, 2), "f8")
    layout[:] = h5py.VirtualSource(other.name, "data/a", (2, 2))
    file.create_virtual_dataset("data/b", layout)


def _soft(file: Any) -> None:
    file["data/b"] = h5py.SoftLink("/data/a")


def _plugin(file: Any) -> None:
    plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_chunk((2, 2))
    plan.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, (3,))  # zstandard, which the library looks for among plug-ins
    h5py.h5d.create(file["data"].id, b"b", h5py.h5t.NATIVE_DOUBLE, h5py.h5s.create_simple((2, 2)), plan)


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        (_external, "row /data/b: the values lie in another file of the machine"),
        (_external_link, "row /data/b: a link to another place or file"),
        (_external_group, "row /lookup: a link to another place or file"),
        (_virtual, "row /data/b: a virtual dataset, which is read from other files"),
        (_soft, "row /data/b: a link to another place or file"),
        (_plugin, "row /data/b: an unknown filter (found '32015')"),
    ],
)
def test_nothing_outside_the_file_is_read(tmp_path: Path, fill: Fill, words: str) -> None:
    assert words in told(omx(tmp_path / "m.omx", fill))


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        (
            lambda f: f.create_dataset("data/b", (40_000, 40_000), "f8", chunks=(100, 100)),
            "11.9 GiB declared, 0 bytes stored",
        ),
        (lambda f: f.create_dataset("data/b", (10**9, 10**9), "f8", chunks=(100, 100)), "6.94 EiB declared"),
        (
            lambda f: (
                f.create_dataset("data/b", data=np.zeros((5000, 5000)), chunks=(5000, 5000), compression="gzip")
                and f.create_dataset("data/c", (50_000, 50_000), "i1", chunks=(100, 100))
            ),
            "2.33 GiB declared",
        ),
    ],
)
def test_values_that_are_not_stored_are_not_made(tmp_path: Path, fill: Fill, words: str) -> None:
    path = omx(tmp_path / "m.omx", fill, good=False)
    assert path.stat().st_size < 500_000
    assert words in told(path)


def test_matrices_larger_than_memory_together_are_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(file: Any) -> None:
        for i in range(40):
            file.create_dataset(f"data/b{i}", (1000, 1000), "f8", chunks=(100, 100))

    monkeypatch.setattr("landlink.core.memory.available_memory", lambda: 2.0**28)
    assert "m.omx: reading 40 datasets of /data would take 311 MiB of memory" in told(
        omx(tmp_path / "m.omx", fill, good=False)
    )


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        (lambda f: f.__setitem__("data/b", 3.0), "wrong matrix shape (found 'shape ()')"),
        (lambda f: f.__setitem__("data/b", np.zeros((2, 2, 2))), "wrong matrix shape"),
        (lambda f: f.__setitem__("data/b", np.zeros((2, 3))), "wrong matrix shape"),
        (lambda f: f.__setitem__("data/b", np.array([[b"a", b"b"], [b"c", b"d"]])), "not a matrix of numbers"),
        (lambda f: f.__setitem__("data/b", EYE * 1j), "not a matrix of numbers"),
        (lambda f: f.create_dataset("data/b", (2, 2), h5py.string_dtype()), "not a matrix of numbers"),
        (lambda f: f.create_dataset("data/b", (2, 2), [("x", "f8")]), "not a matrix of numbers"),
        (lambda f: f.create_dataset("data/b", (2, 2), h5py.ref_dtype), "not a matrix of numbers"),
        (lambda f: f.__setitem__("data/b", h5py.Empty("f8")), "the dataset is empty"),
        (lambda f: f.create_group("data/b"), "not a dataset (found 'Group')"),
        (lambda f: f.__setitem__("data/b", f["/"]), "not a dataset"),
        (lambda f: f.__setitem__("data/b", np.dtype("f8")), "not a dataset (found 'Datatype')"),
        (lambda f: f.create_group("lookup/b"), "not a dataset"),
        (lambda f: f.__setitem__("lookup/b", 3), "several lookups, which name the zones differently"),
        (lambda f: (f.__delitem__("lookup/zone"), f.__setitem__("lookup/b", 3)), "shape () for 2 rows"),
        (lambda f: (f.__delitem__("lookup/zone"), f.__setitem__("lookup/b", EYE)), "shape (2, 2) for 2 rows"),
        (
            lambda f: (f.__delitem__("lookup/zone"), f.create_dataset("lookup/b", (2,), h5py.ref_dtype)),
            "not zone numbers",
        ),
        (lambda f: f["data/a"].attrs.__setitem__("NA", "none"), "or damaged"),
        (lambda f: f["data"].__setitem__(b"\xff\xfe", EYE), "or damaged"),
    ],
)
def test_members_of_the_wrong_kind_are_refused(tmp_path: Path, fill: Fill, words: str) -> None:
    assert words in told(omx(tmp_path / "m.omx", fill))


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        (lambda f: f.__setitem__("data", EYE), "/data is not a group"),
        (lambda f: (f.__setitem__("data/a", EYE), f.__setitem__("lookup", np.arange(2))), "/lookup is not a group"),
        (lambda f: f.__setitem__("data", h5py.SoftLink("/data")), "row /data: a link"),
        (lambda f: None, "the file contains no matrices"),
        (lambda f: f.__setitem__("data/a", np.zeros((0, 0))), "wrong matrix shape"),
    ],
)
def test_groups_of_the_wrong_kind_are_refused(tmp_path: Path, fill: Fill, words: str) -> None:
    assert words in told(omx(tmp_path / "m.omx", fill, good=False))


@pytest.fixture(scope="module")
def good_omx(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    def fill(file: Any) -> None:
        file.create_dataset("data/b", data=EYE, compression="gzip", shuffle=True, chunks=(1, 2))
        file.create_dataset("data/c", data=EYE, compression="lzf")
        file["lookup/name"] = ["Osh", "Kashgar"]

    return omx(tmp_path_factory.mktemp("omx") / "m.omx", fill).read_bytes()


@given(st.data())
@MANY
def test_damaged_open_matrix_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, good_omx: bytes, data: st.DataObject
) -> None:
    content = bytearray(good_omx)
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.omx"
    path.write_bytes(content[: data.draw(st.sampled_from([None, 100, 2000]))])
    with contextlib.suppress(LandlinkError):
        read_matrices(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD.replace("1,2,1", "1,2,one"), "row 2, column a: not a number (found 'one')"),
        (GOOD.replace("a\n", "a,a\n").replace("\n1,1,0", "\n1,1,0,0"), "m.csv"),
        ("origin,destination,a,a\n1,1,0,0\n", "column a: duplicate column"),
        ("origin,origin,destination,a\n1,1,1,0\n", "column origin: duplicate column"),
        (GOOD.replace("1,2", "Osh,2"), "column origin: not every label is a zone number (found 'Osh')"),
        (GOOD.replace("1,2", "1.5,2"), "not every label is a zone number (found '1.5')"),
        (GOOD.replace("1,2", "1e300,2"), "not every label is a zone number"),
        (GOOD.replace("1,2", ",2"), "not every label is a zone number"),
        ("origin,destination,a\n1,1,true\n", "not a number (found 'True')"),
        ("origin,destination,a\n1,1,2024-01-01\n", "not a number"),
        ("origin,destination,a\n", "the file has no rows"),
        ("", "cannot be read"),
        ("1,2,3\n", "column origin: the column is missing"),
        (GOOD + "1,2\n", "cannot be read"),
        (GOOD.encode() + b"\xe9,1,1\n", "not every label is a zone number"),
        (GOOD.encode("utf-16"), "m.csv"),
        (b"\0\x01\xff" * 99, "m.csv"),
        ("origin,destination,a\n" + "".join(f"{i},1,0\n" for i in range(200_000)), "missing or duplicate pairs"),
    ],
)
def test_tables_that_are_no_matrices_are_refused(tmp_path: Path, text: str | bytes, words: str) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert words in told(path)


def _table(**columns: Any) -> pa.Table:
    return pa.table({"origin": [1], "destination": [1]} | columns)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (_table(a=["x"]), "row 1, column a: not a number (found 'x')"),
        (_table(a=pa.array(["x"]).dictionary_encode()), "not a number"),
        (_table(a=[[1.0]]), "columns of lists or structures: a"),
        (_table(a=[{"x": 1.0}]), "columns of lists or structures: a"),
        (_table(a=[True]), "not a number"),
        (_table(a=pa.array([1], pa.timestamp("s"))), "not a number"),
        (_table(a=[b"\xff"]), "not a number"),
        (pa.Table.from_arrays([pa.array([1])] * 4, ["origin", "destination", "a", "a"]), "duplicate columns: a"),
    ],
)
def test_parquet_that_is_no_matrix_is_refused(tmp_path: Path, table: pa.Table, words: str) -> None:
    pq.write_table(table, tmp_path / "m.parquet")
    assert words in told(tmp_path / "m.parquet")


def test_parquet_that_bursts_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.parquet"
    monkeypatch.setattr("landlink.core.memory.available_memory", lambda: 2.0**28)
    pq.write_table(pa.table({"a": np.zeros(60_000_000)}), path)
    assert path.stat().st_size < 2**20
    assert "a table of 60,000,000 rows and 1 columns would take 458 MiB of memory" in told(path)
    text = pa.DictionaryArray.from_arrays(pa.array(np.zeros(10_000, np.int32)), pa.array(["x" * 100_000]))
    pq.write_table(pa.table({"a": text}), path)
    assert path.stat().st_size < 2**20
    assert "would take 954 MiB of memory" in told(path)


def test_long_texts_that_fit_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.parquet"
    monkeypatch.setattr("landlink.core.memory.available_memory", lambda: 2.0**27)
    pq.write_table(pa.table({"a": [f"{i:09}" for i in range(100_000)]}), path)
    assert "column origin: the column is missing" in told(path)


@given(st.data())
@MANY
def test_damaged_tables_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.getbasetemp()
    suffix = data.draw(st.sampled_from([".csv", ".parquet"]))
    path = folder / f"damaged{suffix}"
    if suffix == ".csv":
        path.write_text(GOOD)
    else:
        pq.write_table(pa.table({"origin": [1, 1, 2, 2], "destination": [1, 2, 1, 2], "a": [0.0, 1, 2, 0]}), path)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    with contextlib.suppress(LandlinkError):
        read_matrices(path)
