"""Matrices in files of other programs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landlink.core.errors import InputError, OutputError
from landlink.formats.matrices import read_matrices, write_matrices
from landlink.formats.omx import read_omx, write_omx

ZONES = np.array([3, 5, 8])
MATRICES = {
    "time": np.array([[0.0, 1.1, 2.0], [1 / 3, 0.0, np.inf], [1e-300, 7.0, 0.0]]),
    "CO2e, g": np.arange(9.0).reshape(3, 3),
}


@pytest.mark.parametrize("suffix", [".omx", ".csv", ".parquet", ".OMX"])
def test_what_is_written_is_read(tmp_path: Path, suffix: str) -> None:
    path = write_matrices(tmp_path / "new" / f"skims{suffix}", MATRICES, ZONES)
    zones, matrices = read_matrices(path)
    assert zones.tolist() == ZONES.tolist()
    assert set(matrices) == set(MATRICES)
    for name, matrix in MATRICES.items():
        assert matrices[name].tobytes() == matrix.tobytes()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_file_is_open_matrix_as_others_read_it(tmp_path: Path) -> None:
    openmatrix = pytest.importorskip("openmatrix")
    path = write_omx(tmp_path / "skims.omx", MATRICES, ZONES)
    with openmatrix.open_file(str(path)) as file:
        assert file.version() == b"0.2"
        assert tuple(file.shape()) == (3, 3)
        assert set(file.list_matrices()) == set(MATRICES)
        assert np.array(file["time"]).tobytes() == MATRICES["time"].tobytes()
        assert file.list_mappings() == ["zone"]
        assert file.mapping("zone") == {3: 0, 5: 1, 8: 2}


def test_files_of_others_are_read(tmp_path: Path) -> None:
    openmatrix = pytest.importorskip("openmatrix")
    path = tmp_path / "theirs.omx"
    with openmatrix.open_file(str(path), "w") as file:
        file["trips"] = MATRICES["CO2e, g"]
        file.create_mapping("taz", [11, 12, 13])
    zones, matrices = read_omx(path)
    assert zones.tolist() == [11, 12, 13]
    assert matrices["trips"].tolist() == MATRICES["CO2e, g"].tolist()


def test_writing_is_deterministic(tmp_path: Path) -> None:
    first, second = (write_omx(tmp_path / name, MATRICES, ZONES).read_bytes() for name in ("a.omx", "b.omx"))
    assert first == second


def test_zones_are_numbered_where_no_lookup_names_them(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "plain.omx", "w") as file:
        file["data/m"] = np.eye(2)
        file["lookup/name"] = [b"a", b"b"]
        file["lookup/twice"] = [1, 1]
    assert read_omx(tmp_path / "plain.omx")[0].tolist() == [1, 2]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = write_omx(tmp_path / "skims.omx", MATRICES, ZONES)
    before = path.read_bytes()
    with pytest.raises(TypeError):
        write_omx(path, {"good": np.eye(3), "bad": np.array([object()])}, ZONES)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["skims.omx"]


def test_invalid_files_and_names(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="invalid matrix name"):
        write_omx(tmp_path / "a.omx", {"a/b": np.eye(3)}, ZONES)
    for name in ("skims.xls", "skims"):
        with pytest.raises(InputError, match="unknown file name suffix"):
            write_matrices(tmp_path / name, MATRICES, ZONES)
    for suffix in (".omx", ".csv", ".parquet"):
        with pytest.raises(InputError, match="the file does not exist"):
            read_matrices(tmp_path / f"nothing{suffix}")
        (tmp_path / f"odd{suffix}").write_bytes(b"what is this")
        with pytest.raises(InputError):
            read_matrices(tmp_path / f"odd{suffix}")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write_omx(tmp_path / "file" / "a.omx", MATRICES, ZONES)


def test_matrices_that_do_not_fit(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "odd.omx", "w") as file:
        file["data/wide"] = np.zeros((2, 3))
    with pytest.raises(InputError, match="wrong matrix shape"):
        read_omx(tmp_path / "odd.omx")
    with h5py.File(tmp_path / "empty.omx", "w") as file:
        file.attrs["OMX_VERSION"] = b"0.2"
    with pytest.raises(InputError, match="contains no matrices"):
        read_omx(tmp_path / "empty.omx")
    pd.DataFrame({"origin": [1, 1, 2], "destination": [1, 2, 1], "time": 0.0}).to_csv(
        tmp_path / "short.csv", index=False
    )
    with pytest.raises(InputError, match="missing or duplicate pairs"):
        read_matrices(tmp_path / "short.csv")
