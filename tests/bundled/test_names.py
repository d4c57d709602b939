"""Rows of the bundled study that reports name have names in every language of the study."""

from __future__ import annotations

import pytest

import landlink as ll
from landlink.tables.frames import texts
from tests.support.bundled import bundled_study

LANGUAGES = ("ru", "zh", "ky", "ar")


@pytest.mark.parametrize("table", ["constant", "corridor", "parameter", "terminal", "crossing", "zone"])
def test_rows_have_names_in_every_language(table):
    frame = bundled_study().tables[table]
    missing = [
        (language, row)
        for language in LANGUAGES
        for row, name in enumerate(texts(frame, f"name_{language}"))
        if not name
    ]
    assert missing == []


def test_claims_have_names_and_say_what_they_are_about():
    observed = bundled_study().tables["observed"]
    claims = observed[observed.heading == "Claims"]
    assert len(claims) == 3
    assert (claims[[f"name_{language}" for language in LANGUAGES]] != "").all(axis=None)
    assert (claims.indicator != "").all()
    assert set(claims.compares) == {"saving", "scenario"}


def test_the_title_of_the_register_is_told_in_the_language():
    register = ll.statement.open_register(bundled_study().path / "register.yaml")
    assert all(register.source.title_in(language) != register.source.title for language in LANGUAGES)
    assert register.source.title_in("fr") == register.source.title
    assert "titles:" in register.text()
