"""The order in which the rows of tables are written has no influence on flows, also where equilibria are not unique."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from tests.support.ferries import FERRIES
from tests.support.small_study import TABLES, write_small_study


def shuffled(text: str, rng: np.random.Generator) -> str:
    head, *rows = text.strip().splitlines()
    return "\n".join([head, *(rows[i] for i in rng.permutation(len(rows)))]) + "\n"


def solved(folder: Path, tables: dict[str, str]) -> ll.Result:
    return ll.solve(ll.open_study(write_small_study(folder, **tables)))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("cargo", [False, True], ids=["apart", "one capacity"])
def test_flows_are_the_same_to_the_last_bit(tmp_path: Path, seed: int, cargo: bool) -> None:
    tables = TABLES | FERRIES
    if cargo:
        for ferry in ("FA", "FB"):
            old = f"{ferry},PORT,ISLE,0,40,20,road,BBB,,,existing"
            tables |= {"link": tables["link"].replace(old, old.replace(",,,existing", ",30,G,existing"))}
    rng = np.random.default_rng(seed)
    mixed = {name: shuffled(text, rng) for name, text in tables.items() if name not in ("measure", "effect")}
    one, other = solved(tmp_path / "one", tables), solved(tmp_path / "other", tables | mixed)
    for table, key in (
        ("link", ["link_id", "direction"]),
        ("crossing", ["crossing_id", "family", "direction"]),
        ("od", ["origin_zone_id", "destination_zone_id", "commodity_id", "alternative"]),
        ("group", ["group"]),
    ):
        a, b = (result[table].set_index(key).sort_index() for result in (one, other))
        column = "load" if table == "group" else "tonnes_per_year"
        assert a.index.equals(b.index)
        np.testing.assert_allclose(b[column], a[column], rtol=1e-14, atol=0)
    links = one["link"].set_index("link_id")
    ferries = links.groupby("link_id")["tonnes_per_year"].sum()
    assert (ferries["FA"] > 0) != (ferries["FB"] > 0)
    assert sorted(links.index[~links["determined"]].unique()) == ["FA", "FB"]
    assert one["crossing"]["determined"].all()


def test_a_dearer_ferry_leaves_flows_determined(tmp_path: Path) -> None:
    link = FERRIES["link"].replace("FB,PORT,ISLE,0,40,", "FB,PORT,ISLE,0,40.01,")
    assert solved(tmp_path / "s", TABLES | FERRIES | {"link": link})["link"]["determined"].all()
