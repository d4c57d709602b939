"""Every decision has a date, a status and the alternatives; what is superseded names what replaced it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "decisions.md"
STATUS = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d) · Status: "
    r"(?:in force|superseded on (?P<replaced>\d{4}-\d\d-\d\d) by\s\[(?P<title>[^]]+)\]\(#(?P<anchor>[\w-]+)\))"
)


def entries() -> dict[str, str]:
    found: dict[str, str] = {}
    for part in re.split(r"^### ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        assert title not in found, f"two decisions are called {title!r}"
        found[title] = re.split(r"^## ", body, flags=re.MULTILINE)[0]
    return found


ENTRIES = entries()


def anchor(title: str) -> str:
    """Anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


@pytest.mark.parametrize("title", ENTRIES)
def test_a_decision_is_complete(title: str) -> None:
    paragraphs = ENTRIES[title].strip().split("\n\n")
    status = STATUS.fullmatch(paragraphs[0])
    assert status, f"no date and status: {paragraphs[0]!r}"
    date.fromisoformat(status["date"])
    assert re.search(r"\bAlternatives?:\s", paragraphs[-1]), "no alternatives"
    assert len(ENTRIES[title].split()) < 130, "too long for an entry; explain it in a page and link that"


@pytest.mark.parametrize("title", [title for title, body in ENTRIES.items() if "superseded on" in body])
def test_what_is_superseded_links_to_what_holds_now(title: str) -> None:
    status = STATUS.match(ENTRIES[title].strip())
    assert status
    newer = STATUS.match(ENTRIES[status["title"]].strip())
    assert anchor(status["title"]) == status["anchor"]
    assert newer
    assert newer["date"] == status["replaced"] > status["date"]
