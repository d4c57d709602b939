"""Names of places and posts, with the names of two sides."""

from __future__ import annotations

import pandas as pd
import pytest

from landlink.statement import Gazetteer, read

NAMES = Gazetteer(
    [
        ("Malaba (Kenya) / Malaba (Uganda)", "MAL", "place", ("KEN", "UGA")),
        ("Irkeshtam / Simuna", "IRK", "place", ("KGZ", "CHN")),
        ("Nimule–Elegu OSBP", "NIM", "place", ("SSD", "UGA")),
        ("Mutukula (TZ/UG)", "MUT", "place", ("TZA", "UGA")),
        ("Khorgos (Nur Zholy) crossing", "KHO", "place", ("KAZ", "CHN")),
        ("Kasumulu - Songwe", "KAS", "place", ("TZA", "MWI")),
        ("Songwe / Uyole", "UYO", "place", ("TZA",)),
        ("Elegu", "ELE", "place", ("UGA",)),
        ("Kampala–Kigali railway", "RAIL", "project", ("UGA", "RWA")),
    ]
)


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("the Malaba post", ("MAL",)),
        ("the post of Malaba / Malaba", ("MAL",)),
        ("Malaba/Malaba", ("MAL",)),
        ("Malaba (Kenya) / Malaba (Uganda)", ("MAL",)),
        ("Irkeshtam/Simuna", ("IRK",)),
        ("Simuna – Irkeshtam", ("IRK",)),
        ("Irkeshtam", ("IRK",)),
        ("the Nimule–Elegu post", ("NIM",)),
        ("the Nimule - Elegu post around the clock", ("NIM",)),
        ("Elegu/Nimule", ("NIM",)),
        ("Nimule", ("NIM",)),
        ("Elegu", ("ELE",)),
        ("Mutukula (TZ/UG)", ("MUT",)),
        ("Nur Zholy", ("KHO",)),
        ("Kasumulu–Songwe", ("KAS",)),
        ("Kasumulu", ("KAS",)),
        ("Songwe", ()),
        ("Malaba, Mutukula and Khorgos", ("MAL", "MUT", "KHO")),
    ],
)
def test_names_of_two_sides(words: str, places: tuple[str, ...]) -> None:
    (clause,) = read(f"The ministers agreed to widen {words}.", gazetteer=NAMES).clauses
    assert clause.places == places


def test_a_project_is_not_its_ends() -> None:
    clauses = read("They will build the Kampala–Kigali railway and open Kampala station.", gazetteer=NAMES).clauses
    assert {name for clause in clauses for name in clause.projects} == {"RAIL"}


def test_names_in_every_column_of_names_count_and_a_node_with_a_crossing_is_that() -> None:
    tables = {
        "crossing": pd.DataFrame(
            [{"crossing_id": "MAL", "family": "road", "name": "Malaba", "name_pt": "Malabá de Cima", "name_sw": "Kituo",
              "node_id": "N1", "country_a": "KEN", "country_b": "UGA"}]
        ),
        "node": pd.DataFrame([{"node_id": "N1", "name": "Malaba Town", "node_type": "border", "country": "KEN"}]),
    }  # fmt: skip
    for name in ("Malaba", "Malabá de Cima", "Kituo", "Malaba Town"):
        assert read(f"They will widen {name}.", gazetteer=tables).clauses[0].places == ("MAL",), name
