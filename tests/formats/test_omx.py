"""Matrices in files of other programs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landlink.core.errors import InputError, OutputError
from landlink.formats.matrices import read_matrices, write_matrices
from landlink.formats.omx import read_omx

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
    path = write_matrices(tmp_path / "skims.omx", MATRICES, ZONES)
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
    first, second = (write_matrices(tmp_path / name, MATRICES, ZONES).read_bytes() for name in ("a.omx", "b.omx"))
    assert first == second


def test_zones_are_numbered_where_there_is_no_lookup_or_the_caller_wants_none(tmp_path: Path) -> None:
    path = foreign(tmp_path, name=[b"a", b"b"])
    assert read_omx(foreign(tmp_path))[0].tolist() == [1, 2]
    assert read_omx(path, lookup="")[0].tolist() == [1, 2]


@pytest.mark.parametrize("labels", [[101.0, 330.0], [b"101", b"330"], [b"101.0", b"330"], [330, 101]])
def test_labels_are_whole_numbers_however_they_are_stored(tmp_path: Path, labels: list[object]) -> None:
    assert sorted(read_omx(foreign(tmp_path, NO=labels))[0].tolist()) == [101, 330]


@pytest.mark.parametrize(
    ("lookups", "message"),
    [
        ({"name": [b"KGZ", b"CHN"]}, "column name: the labels are not zone numbers: found KGZ, CHN"),
        ({"half": [1.5, 2.0]}, "found 1.5"),
        ({"twice": [1, 1]}, "some appear twice"),
        ({"long": [1, 2, 3]}, r"shape \(3,\) for 2 rows"),
        ({"taz": [101, 205], "external": [7, 8]}, "several lookups.*external, taz"),
    ],
)
def test_labels_that_name_no_zones_or_several_are_refused(tmp_path: Path, lookups: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_omx(foreign(tmp_path, **lookups))


def test_of_several_lookups_the_caller_names_one(tmp_path: Path) -> None:
    path = foreign(tmp_path, taz=[101, 205], external=[7, 8])
    assert read_matrices(path, lookup="taz")[0].tolist() == [101, 205]
    with pytest.raises(InputError, match=r"unknown lookup.*'zone'.*external, taz"):
        read_omx(path, lookup="zone")
    assert read_omx(foreign(tmp_path, taz=[101, 205], again=[101.0, 205.0]))[0].tolist() == [101, 205]


def test_a_stated_missing_value_stays_missing(tmp_path: Path) -> None:
    path = foreign(tmp_path)
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "a") as file:
        file["data/m"][0, 1] = -99.0
    assert read_omx(path)[1]["m"][0, 1] == -99.0
    with h5py.File(path, "a") as file:
        file["data/m"].attrs["NA"] = -99.0
    assert np.isnan(read_omx(path)[1]["m"][0, 1])


def test_zones_of_a_table_are_whole_numbers(tmp_path: Path) -> None:
    table = pd.DataFrame({"origin": [1.5, 1.5, 2, 2], "destination": [1.5, 2, 1.5, 2], "time": 0.0})
    table.to_csv(tmp_path / "halves.csv", index=False)
    with pytest.raises(InputError, match=r"column origin: not every label is a zone number.*1.5"):
        read_matrices(tmp_path / "halves.csv")


def foreign(tmp_path: Path, **lookups: object) -> Path:
    """A file of another program with a matrix of two zones and the given lookups."""
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "theirs.omx", "w") as file:
        file["data/m"] = np.eye(2)
        for name, values in lookups.items():
            file[f"lookup/{name}"] = values
    return tmp_path / "theirs.omx"


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = write_matrices(tmp_path / "skims.omx", MATRICES, ZONES)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="array at index"):
        write_matrices(path, {"good": np.eye(3), "bad": np.array([object()])}, ZONES)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["skims.omx"]


def test_invalid_files_and_names(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="invalid matrix name"):
        write_matrices(tmp_path / "a.omx", {"a/b": np.eye(3)}, ZONES)
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
        write_matrices(tmp_path / "file" / "a.omx", MATRICES, ZONES)


def test_matrices_that_do_not_fit(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "odd.omx", "w") as file:
        file["data/wide"] = np.zeros((2, 3))
    with pytest.raises(InputError, match="wrong matrix shape"):
        read_omx(tmp_path / "odd.omx")
    with h5py.File(tmp_path / "scalar.omx", "w") as file:
        file["data/one"] = 3.0
    with pytest.raises(InputError, match=r"column one: wrong matrix shape \(found 'shape \(\)'\).*a square matrix"):
        read_omx(tmp_path / "scalar.omx")
    with h5py.File(tmp_path / "empty.omx", "w") as file:
        file.attrs["OMX_VERSION"] = b"0.2"
    with pytest.raises(InputError, match="contains no matrices"):
        read_omx(tmp_path / "empty.omx")
    pd.DataFrame({"origin": [1, 1, 2], "destination": [1, 2, 1], "time": 0.0}).to_csv(
        tmp_path / "short.csv", index=False
    )
    with pytest.raises(InputError, match="missing or duplicate pairs"):
        read_matrices(tmp_path / "short.csv")
