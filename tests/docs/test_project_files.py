"""Files about the project agree with it: the citation, the issue forms."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import landlink as ll

ROOT = Path(__file__).parents[2]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
#: Attributes that a kind of field must have.
NEEDED = {"markdown": {"value"}, "textarea": {"label"}, "input": {"label"}, "dropdown": {"label", "options"}}


def read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_citation_agrees_with_the_package() -> None:
    cited = read(ROOT / "CITATION.cff")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert cited["cff-version"] == "1.2.0"
    assert cited["version"] == ll.__version__
    assert cited["authors"] == project["authors"]
    assert cited["license"] in project["license"].split(" AND ")
    assert cited["title"].startswith(project["name"])
    assert all(cited[key] for key in ("message", "abstract", "keywords"))
    assert re.search(rf"^## {re.escape(cited['version'])} ", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)


def test_there_is_a_form_for_each_kind_of_issue() -> None:
    assert [path.stem for path in FORMS] == ["bug_report", "feature_request", "wrong_figure"]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_issue_forms_are_well_formed(path: Path) -> None:
    form = read(path)
    assert form["name"]
    assert form["description"]
    fields = form["body"]
    ids = [field["id"] for field in fields if field["type"] != "markdown"]
    assert len(ids) == len(set(ids))
    for field in fields:
        assert NEEDED[field["type"]] <= field["attributes"].keys(), field["id"]
        assert field.keys() <= {"type", "id", "attributes", "validations"}
    assert any(field.get("validations", {}).get("required") for field in fields)


def test_a_wrong_figure_is_reported_with_its_source() -> None:
    fields = {field["id"]: field for field in read(ROOT / ".github" / "ISSUE_TEMPLATE" / "wrong_figure.yml")["body"]}
    required = {name for name, field in fields.items() if field.get("validations", {}).get("required")}
    assert {"study", "figure", "source_value", "source"} <= required
