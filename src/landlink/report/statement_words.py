"""What pages on statements share: dates, targets and changes in the page's language, and the filling of templates."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final

from markupsafe import Markup

from landlink.core.version import VERSION
from landlink.report.page_template import page_template
from landlink.report.stated_values import duration_text
from landlink.report.words import Words
from landlink.statement.clause_changes import Change
from landlink.statement.clause_wording import ClauseWording
from landlink.statement.register import Register
from landlink.statement.register_records import Entry

__all__ = ["change_line", "clause_words", "direction_of", "options", "parties_of", "register_facts", "rendered"]

#: Languages written from right to left.
_RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ps", "ug", "ur"})
_SIGNS: Final = {
    "at least": "≥", "at most": "≤", "more than": ">", "less than": "<", "equal": "=",
}  # fmt: skip


def rendered(template: str, words: Words, style: Iterable[str], script: str, **values: Any) -> str:
    """Fill a template of a page.

    Parameters
    ----------
    template
        Name of the template.
    words
        Words of the page's language.
    style, script
        Names of its style sheets and of its script.
    **values
        What else the template needs.
    """
    # Style and script are files of the package without markup that could close their elements.
    return page_template(template).render(
        words=words,
        version=VERSION,
        style=Markup("\n".join(map(_resource, style))),  # noqa: S704
        script=Markup(_resource(script)),  # noqa: S704
        **values,
    )


def direction_of(language: str) -> str:
    """``rtl`` for a language written from right to left, else ``ltr``."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def clause_words(wording: ClauseWording | None) -> dict[str, str] | None:
    """Text of a clause with its language and direction, as templates show it; None for none."""
    if wording is None:
        return None
    return {"text": wording.text, "language": wording.language, "direction": direction_of(wording.language)}


def change_line(change: Change, words: Words) -> dict[str, str]:
    """Describe a change: its name, its effect, and what stood before and stands now."""
    before, after = change.before, change.after
    if change.what.startswith("strength_"):
        before, after = (_strength(text, words) for text in (before, after))
    elif change.what.startswith("target"):
        before, after = (_target(text, words) for text in (before, after))
    elif change.what.startswith("parties_"):
        before, after = (_countries(text, words) for text in (before, after))
    elif change.what.startswith("deadline_"):
        before, after = (duration_text(text, words) for text in (before, after))
    elif change.what == "actions_opposed":
        before, after = (_action(text, words) for text in (before, after))
    return {
        "name": words(f"compare.c_{change.what}"),
        "effect": change.effect,
        "effect_name": words.get(f"compare.e_{change.effect}", ""),
        "before": before,
        "after": after,
    }


def _action(text: str, words: Words) -> str:
    plain = text.removeprefix("not ")
    name = words.get(f"compare.a_{plain}", plain)
    return name if plain == text else words("compare.not_action", action=name)


def _strength(text: str, words: Words) -> str:
    number, _, _ = text.partition(" ")
    return f"{words.count(int(number))} {words(f'review.s{number}')}"


def _target(text: str, words: Words) -> str:
    """Replace the words of the file for a direction by their sign."""
    for direction, sign in _SIGNS.items():
        if text.startswith(direction):
            text = f"{sign} {text.removeprefix(direction).strip()}"
            break
    baseline = words("review.baseline_word")
    return text.replace("times the baseline", f"× {baseline}").replace("baseline ", f"{baseline} ")


def _countries(text: str, words: Words) -> str:
    return ", ".join(words.country(code) or code for code in text.split(", ") if code)


def parties_of(entries: Iterable[Entry], words: Words) -> list[tuple[str, str]]:
    """Code and name of every party of clauses."""
    codes = sorted({party for entry in entries for party in entry.accepted_value("parties") or ()})
    return [(code, words.country(code) or code) for code in codes]


def options(entries: Iterable[Entry], words: Words) -> dict[str, list[tuple[str, str]]]:
    """Topics and parties by which clauses can be filtered."""
    found = list(entries)
    topics = sorted({topic for entry in found for topic in entry.topics})
    return {
        "topics": [(topic, words.term("topic", topic)) for topic in topics],
        "parties": parties_of(found, words),
    }


def register_facts(register: Register, words: Words) -> dict[str, str]:
    """What a page says of a register: title, date, parties and number of clauses."""
    source = register.source
    return {
        "title": source.title_in(words.language) or words("compare.untitled"),
        "issued": source.issued.isoformat() if source.issued else words("compare.undated"),
        "parties": ", ".join(words.country(code) or code for code in register.parties),
        "clauses": words("compare.clauses", count=words.count(len(register.clauses))),
    }


def _resource(name: str) -> str:
    return (files("landlink.report") / "templates" / name).read_text(encoding="utf-8")
