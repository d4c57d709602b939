"""TNTP files of strangers: sizes without end, digits that are none, archives that burst, faults in every line."""

from __future__ import annotations

import contextlib
import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landlink.core.errors import InputError, LandlinkError
from landlink.traffic.assign import assign
from landlink.traffic.road_network import RoadNetwork
from landlink.traffic.skims import skim, skim_to
from landlink.traffic.tntp import read_tntp, read_tntp_flows
from landlink.traffic.trip_table import TripTable
from tests.support.odd_places import PLACES, needs_posix, odd_place, vast_file
from tests.support.tntp import HEADER, net_text, trips_text

TRIPS = "Origin 1\n 2 : 3.5; 1 : 0;\nOrigin 2\n 1 : 2;\n"


def read(folder: Path, net: str | bytes, trips: str | bytes | None = None) -> RoadNetwork:
    places = {"n_net.tntp": net} | ({"n_trips.tntp": trips} if trips is not None else {})
    for name, text in places.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_tntp(*(folder / name for name in places))


def told(folder: Path, net: str | bytes, trips: str | bytes | None = None) -> str:
    with pytest.raises(InputError) as caught:
        read(folder, net, trips)
    return str(caught.value)


@needs_posix
@pytest.mark.parametrize("kind", PLACES)
def test_anything_but_a_file_is_refused(tmp_path: Path, kind: str) -> None:
    words = odd_place(tmp_path / "n_net.tntp", kind)
    for reader in (read_tntp, read_tntp_flows):
        with pytest.raises(InputError, match=f"cannot be read: .*{words}"):
            reader(tmp_path / "n_net.tntp")


@pytest.mark.parametrize(
    ("trips", "words"),
    [
        ("Origin ²\n 1 : 1;", "column Origin: unknown zone (found '²')"),
        ("Origin ٣\n 1 : 1;", "column Origin: unknown zone (found '٣')"),
        ("Origin 1\n ³ : 1;", "column Origin 1: unknown zone (found '³')"),
        ("Origin 1\n 2 : ³;", "invalid number of trips (found '³')"),
        (f"Origin {'1' * 5000}\n 1 : 1;", "(5,000 characters)"),
        (f"Origin 1\n {'2' * 5000} : 1;", "(5,000 characters)"),
        (f"Origin 1\n 2 : {'9' * 5000};", "invalid number of trips"),
        ("Origin 1\n 1e300 : 1;", "unknown zone (found '1e300')"),
        ("Origin 1\n 9007199254740993 : 1;", "unknown zone"),
        ("Origin 1\n 2 : 1 : 3;", "not a pair of zone and trips"),
        ("Origin 1\n : 2;", "not a pair of zone and trips (found ':')"),
    ],
)
def test_digits_that_are_none_are_told_with_their_line(tmp_path: Path, trips: str, words: str) -> None:
    assert words in told(tmp_path, net_text(), trips_text(trips))


@pytest.mark.parametrize("count", ["1e300", "9" * 5000, "1e10", "2.5", "-1", "²", "inf", "nan"])
@pytest.mark.parametrize("name", ["NUMBER OF ZONES", "NUMBER OF NODES", "FIRST THRU NODE", "NUMBER OF LINKS"])
def test_counts_that_are_none_are_refused(tmp_path: Path, name: str, count: str) -> None:
    assert f"<{name}>" in told(tmp_path, net_text(metadata={name: count}), trips_text(TRIPS))
    if name == "NUMBER OF ZONES":
        trips = trips_text(TRIPS).replace("<NUMBER OF ZONES> 2", f"<NUMBER OF ZONES> {count}")
        assert f"<{name}>" in told(tmp_path, net_text(), trips)


def test_a_graph_larger_than_memory_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landlink.core.memory.available_memory", lambda: 16.0 * 2**30)
    words = told(tmp_path, net_text(nodes=10**9), trips_text(TRIPS))
    assert "n_net.tntp, column nodes: the graph of 1e+09 nodes would take 140 GiB of memory" in words
    assert "allowed: what fits into the 16 GiB that are available" in words


def test_matrices_larger_than_memory_are_refused_by_name(tmp_path: Path) -> None:
    network = read(tmp_path, net_text(zones=10**7, nodes=10**7))
    with pytest.raises(InputError, match=r"4 matrices of 10,000,000 zones would take 2\.84 PiB of memory"):
        skim(network)
    with pytest.raises(InputError, match=r"256 rows of 4 matrices of 10,000,000 zones would take .* of memory"):
        skim_to(tmp_path / "skims.omx", network)
    with pytest.raises(InputError, match="a matrix of 10,000,000 zones would take"):
        TripTable(10**7, [1], [2], [1.0]).matrix()


def test_skims_larger_than_the_disk_are_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landlink.core.memory.available_memory", lambda: 2.0**40)
    network = read(tmp_path, net_text(zones=10**6, nodes=10**6))
    with pytest.raises(InputError, match=r"4 matrices of 1,000,000 zones would take 7\.28 TiB on the disk"):
        skim_to(tmp_path / "skims.omx", network)
    assert not (tmp_path / "skims.omx").exists()


def test_zones_without_links_cost_little(tmp_path: Path) -> None:
    network = read(
        tmp_path, net_text(zones=2 * 10**5, nodes=2 * 10**5), trips_text("Origin 1\n 2 : 1;", zones=2 * 10**5)
    )
    assert assign(network).converged


def test_an_archive_that_bursts_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landlink.core.memory.available_memory", lambda: 2.0**28)
    bomb = gzip.compress(net_text().encode() + bytes(2**28))
    assert len(bomb) < 2**20
    assert "of text would take" in told(tmp_path, bomb)
    assert "lines of" in told(tmp_path, gzip.compress(b"x\n" * 2_000_000))


def test_an_archive_that_swells_as_no_table_does_is_refused_however_large_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landlink.core.memory.available_memory", lambda: 2.0**50)
    bomb = gzip.compress(net_text().encode() + b" " * 2**27)
    assert "the archive bursts: more than 64 MiB of content" in told(tmp_path, bomb)


@pytest.mark.parametrize(
    "comment", ["cap" + "_" * 10**5, "cap" + " " * 10**5 + "x", "cap " * 10**5 + "/ " * 10**5, "cap per " * 10**5]
)
def test_headers_about_lanes_end_and_are_understood(tmp_path: Path, comment: str) -> None:
    assert not read(tmp_path, net_text(header=f"~ {comment}\n{HEADER}")).notes
    assert "per lane" in read(tmp_path, net_text(header=f"~ {comment}, cap/h/ln\n{HEADER}")).notes[0]


@pytest.mark.parametrize(
    ("header", "per_lane"),
    [
        ("capacity (veh/h) per lane", True),
        ("Capacity\tper-lane", True),
        ("cap / hr / ln", True),
        ("capacity/lane", True),
        ("lane_capacity", True),
        ("capacities/h", False),
        ("capacity\tlength\tspeed per lane", False),
        ("capacity; cost per lane", False),
        ("hcap/lane", False),
        ("cap/landuse", False),
    ],
)
def test_capacities_of_lanes_are_told_by_the_header(tmp_path: Path, header: str, per_lane: bool) -> None:
    assert bool(read(tmp_path, net_text(header=f"~ {header}\n{HEADER}")).notes) is per_lane


def test_digits_without_end_end(tmp_path: Path) -> None:
    digits = "1" * 10**6 + "x"
    assert "not a number" in told(tmp_path, net_text().replace("0.02", digits))
    assert "not a valid number" in told(tmp_path, net_text(metadata={"TOLL FACTOR": digits}))
    assert "invalid number of trips" in told(tmp_path, net_text(), trips_text(f"Origin 1\n 2 : {digits};"))


def test_a_file_larger_than_memory_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"would take .* of memory"):
        read_tntp(vast_file(tmp_path / "n_net.tntp"))


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    assert "damaged gzip archive" in told(tmp_path, gzip.compress(net_text().encode())[:-20])


def test_faults_in_every_block_are_counted(tmp_path: Path) -> None:
    blocks = "\n".join(f"Origin {i % 2 + 1}\n 2 : x; 7 : 1; 1 1;" for i in range(20_000))
    words = told(tmp_path, net_text(), trips_text(blocks))
    assert "invalid number of trips: 19,950 rows more" in words
    assert "unknown zone: 19,950 rows more" in words
    assert "not a pair of zone and trips: 39,950 rows more" in words
    assert len(words.splitlines()) == 154


@pytest.mark.parametrize(
    "block", [";" * 10**5, "1;" * 10**5, ":" * 10**5, "1 :" * 10**5, " " * 10**6 + "x", "1" * 10**6, "1:1:" * 10**5]
)
def test_blocks_of_marks_end(tmp_path: Path, block: str) -> None:
    with contextlib.suppress(InputError):
        read(tmp_path, net_text(), trips_text(f"Origin 1\n{block}"))


@pytest.mark.parametrize("header", ["(" * 10**6, "~" * 10**5, "from to " + " ".join(f"w{i}" for i in range(10**5))])
def test_headers_without_end_end(tmp_path: Path, header: str) -> None:
    with contextlib.suppress(InputError):
        read(tmp_path, net_text(header=f"~ {header}"))


def test_costs_too_large_for_a_number_are_refused(tmp_path: Path) -> None:
    network = read(tmp_path, net_text(), trips_text(TRIPS))
    with pytest.raises(InputError, match="the cost of the link is too high"):
        assign(network, length_weight=1.7e308, toll_weight=1.7e308)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
def test_damaged_files_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    parts = st.binary(max_size=3) | st.sampled_from(
        [
            b"Origin",
            b";",
            b":",
            b"~",
            b"<",
            b">",
            b"9" * 400,
            b"1e999",
            "²".encode(),
            b"\x1f\x8b",
            b"\xff\xfe",
            b"\0",
            b"\n",
        ]
    )

    def damaged(text: str) -> bytes:
        content = bytearray(text.encode())
        for _ in range(data.draw(st.integers(0, 5))):
            at = data.draw(st.integers(0, len(content)))
            content[at : at + data.draw(st.integers(0, 4))] = data.draw(parts)
        return bytes(content)

    with contextlib.suppress(LandlinkError):
        read(tmp_path_factory.getbasetemp(), damaged(net_text()), damaged(trips_text(TRIPS)))
