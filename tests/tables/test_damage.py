"""Whatever a file holds, reading it gives a table or problems, never another error, and never a table by mistake."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.core.errors import InputError
from landlink.tables.check import check_frame
from landlink.tables.read import BORDER_NEEDS, is_border_alone, read_table, read_tables, read_texts
from landlink.tables.schemas import TABLES

GOOD = (
    b"link_id,name,from_node_id,to_node_id,directed,length,free_speed,mode,lanes,country,open_from,x_own\n"
    b'L1,"Osh, west",A,B,0,300.5,60,road,2,KGZ;CHN,2024-09,a\n'
    b"L2,,B,C,1,12,80,rail_1520,,KGZ,,\n"
)
PIECES = st.sampled_from(
    [b"", b",", b'"', b"\n", b"\r", b"\x00", b"\xff", b";", b"nan", b"1e999", b"-1", b"1,200", b"\xef\xbb\xbf",
     b" ", b"\t", b"\xc2\xa0", "٣".encode(), b"L1", b"''", b"99999999999999999999", b"2023-02-30", b"=1+1"]
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """The good file with a few stretches replaced."""
    content = GOOD
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(content)))
        end = min(len(content), begin + draw(st.integers(0, 12)))
        content = content[:begin] + draw(PIECES) + content[end:]
    return content


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        damaged(), st.binary(max_size=200), st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace"))
    )
)
def test_any_bytes_give_a_sound_table_or_problems(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("damage") / "link.csv"
    path.write_bytes(content)
    frame, problems = read_table(path, TABLES["link"])
    assert all(problem.table == "link" and problem.message for problem in problems)
    if not problems:
        assert check_frame(frame, TABLES["link"]) == []
        assert np.isfinite(frame["length"]).all()
        assert frame["link_id"].is_unique
        assert len(frame) > 0
    read_texts(path, "link")


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.sampled_from(list(TABLES)), st.one_of(damaged(), st.binary(max_size=60)), max_size=6))
def test_any_folder_is_refused_with_problems_alone(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("damage")
    for name, content in files.items():
        (folder / f"{name}.csv").write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_tables(folder)
    needed = BORDER_NEEDS if is_border_alone(folder) else [name for name, table in TABLES.items() if table.required]
    missing = set(needed) - set(files)
    assert missing <= {problem.table for problem in caught.value.problems}
