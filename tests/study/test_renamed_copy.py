"""A copy of a study has an id and a title of its own, and all else as it was."""

import pytest

import landlink as ll
from landlink.core.errors import InputError
from landlink.study.renamed_copy import renamed_settings
from landlink.study.toml_text import parse_toml

SETTINGS = """\
# A comment that stays.
id = "old"
title = "The old study"  # of before
title_ru = "Старое"
title_zh-Hant = "舊"
description = \"\"\"
title = "not this one"
[not a table]
\"\"\"
base_year = 2025

[[scenario]]
id = "today"
title = "Today"
title_ru = "Сегодня"
"""


def test_only_the_names_of_the_study_change() -> None:
    found = renamed_settings(SETTINGS, study_id="new", title='The "new" one')
    before, after = parse_toml(SETTINGS, "a"), parse_toml(found, "b")
    assert (after["id"], after["title"]) == ("new", 'The "new" one')
    assert not [name for name in after if name.startswith("title_")]
    for name in ("description", "base_year", "scenario"):
        assert after[name] == before[name]
    assert found.startswith("# A comment that stays.\n")


def test_names_that_are_missing_are_added() -> None:
    found = parse_toml(renamed_settings("base_year = 2025\n[solver]\nseed = 1\n", study_id="a", title="b"), "a")
    assert found == {"base_year": 2025, "id": "a", "title": "b", "solver": {"seed": 1}}
    found = parse_toml(renamed_settings("base_year = 2025", study_id="a", title="b"), "a")
    assert found == {"base_year": 2025, "id": "a", "title": "b"}


def test_settings_whose_names_cannot_be_found_are_refused() -> None:
    with pytest.raises(InputError, match="cannot be replaced"):
        renamed_settings('title = """\na\nb"""\nid = "x"\n', study_id="a", title="b")


@pytest.mark.parametrize("name", ll.bundled_studies() if hasattr(ll, "bundled_studies") else ["china-kyrgyzstan"])
def test_bundled_studies_can_be_renamed(name: str) -> None:
    text = (ll.open_study(name).path / "study.toml").read_text("utf-8")
    found = parse_toml(renamed_settings(text, study_id="a", title="b"), "a")
    assert (found["id"], found["title"]) == ("a", "b")
    assert found["scenario"] == parse_toml(text, "b")["scenario"]
