"""The review page of a register: the text beside its clauses, in one self-contained HTML file."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup

from landlink.core.atomic_files import write_text
from landlink.core.errors import InputError
from landlink.core.version import VERSION
from landlink.formats.authorship import marked_html
from landlink.report.svg import join, tag
from landlink.report.words import Words
from landlink.statement.reading_quality import quality_figures
from landlink.statement.register import Register
from landlink.statement.register_check import check_register
from landlink.statement.register_records import Entry
from landlink.statement.register_schema import DIRECTIONS, FLAGS, STATUSES
from landlink.statement.register_yaml import parse
from landlink.statement.trend import TRENDS
from landlink.tables.destinations import OutputFile, check_output

__all__ = ["REVIEW", "review", "shown_value"]

#: The kind of file that a review page is.
REVIEW: Final = OutputFile("a review page", (".html",), marked_html("review"))

#: Languages written from right to left.
_RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ps", "ug", "ur"})
_SIGNS: Final = dict(zip((*DIRECTIONS, *TRENDS), ("≥", "≤", ">", "<", "=", "↑", "↓"), strict=True))


def review(
    register: Register,
    text: str,
    path: str | os.PathLike[str],
    *,
    sha256: str,
    language: str = "en",
    name: str = "register.yaml",
    force: bool = False,
) -> Path:
    """Write the page on which a register is reviewed.

    Parameters
    ----------
    register
        The register.
    text, sha256
        The normalised text from which it was read, and its hash.
    path
        The file to write; an older review page is replaced.
    language
        Language of the page itself: ``en``, ``ru``, ``zh``, ``ky`` or ``ar``.
    name
        File name under which the page saves the register.
    force
        Whether to replace a file that landlink did not write.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        The register does not fit the text.
    OutputError
        The file cannot be written.
    """
    words = Words(language)
    if problems := check_register(register, text=text, sha256=sha256, name=name):
        raise InputError(problems)
    check_output(path, REVIEW, force=force)
    write_text(path, _page(register, text, words, name))
    return Path(path)


def _page(register: Register, text: str, words: Words, name: str) -> str:
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    source = register.source
    topics = sorted({topic for entry in register.clauses for topic in entry.topics})
    flags = [flag for flag in FLAGS if any(flag in entry.flags for entry in register.clauses)]
    return environment.from_string(_resource("review.html.j2")).render(
        words=words,
        version=VERSION,
        title=source.title or words("review.title"),
        source=source,
        source_direction="rtl" if source.language in _RIGHT_TO_LEFT else "ltr",
        paragraphs=_paragraphs(register.clauses, text),
        cards=[_card(entry, text, words) for entry in register.clauses],
        misses=[(item.start, text[item.start : item.end], item.flags) for item in register.unclassified],
        quality=_quality(source.language, words),
        topics=[(topic, words.term("topic", topic)) for topic in topics],
        flags=[(flag, words(f"review.f_{flag}")) for flag in flags],
        statuses=[(status, words(f"review.st_{status}")) for status in STATUSES],
        strengths=[(level, words(f"review.s{level}")) for level in range(5, -1, -1)],
        # Angle brackets are escaped, so nothing in the data can close its element.
        data=Markup(_as_json(_data(register, words, name))),  # noqa: S704
        style=Markup(_resource("review.css")),  # noqa: S704
        script=Markup(_resource("review.js")),  # noqa: S704
    )


def _data(register: Register, words: Words, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "register": parse(register.text(), name).plain,
        "words": {status: words(f"review.st_{status}") for status in STATUSES}
        | {key: words(f"review.{key}") for key in ("unsaved", "name_needed", "by")},
    }


def _as_json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("\u2028", "\\u2028")


def _quality(language: str, words: Words) -> list[str]:
    """Describe the measured quality of the reader in the language of the text."""
    return [
        words(
            "review.quality",
            documents=words.count(item.documents),
            items=words.count(item.items),
            language=item.language,
            what=words(f"review.measured_{item.what.split()[0]}"),
            **{key: words.number(getattr(item, key), decimals=2) for key in ("score", "low", "high")},
        )
        for item in quality_figures()
        if item.language == language
    ]


def _paragraphs(entries: Sequence[Entry], text: str) -> list[Markup]:
    """Lay out the text by paragraphs with its clauses marked; a span where clauses overlap belongs to each of them."""
    cuts = sorted({0, len(text), *(place for entry in entries for place in (entry.start, entry.end))})
    found: list[Markup] = []
    line: list[Markup] = []
    named: set[str] = set()
    waiting = sorted(entries, key=lambda entry: entry.start, reverse=True)
    inside: list[Entry] = []
    for start, end in pairwise(cuts):
        inside = [entry for entry in inside if entry.end > start]
        while waiting and waiting[-1].start <= start:
            inside.append(waiting.pop())
        for number, part in enumerate(text[start:end].split("\n")):
            if number:
                found.append(join(line))
                line = []
            if part:
                line.append(_marked(part, inside, named))
    return [part for part in (*found, join(line)) if part.strip()]


def _marked(part: str, inside: Sequence[Entry], named: set[str]) -> Markup:
    if not inside:
        return tag("span", part)
    entry = inside[0]
    # Each clause is numbered before its first span.
    new = [item.id for item in inside if item.id not in named]
    named.update(new)
    numbers = [tag("a", identifier, href=f"#c-{identifier}", class_="number") for identifier in new]
    level = max((item.strength or 0) for item in inside)
    ids = " ".join(item.id for item in inside)
    return tag("mark", *numbers, part, data_ids=ids, class_=f"s{level} is-{entry.status}")


def _card(entry: Entry, text: str, words: Words) -> dict[str, Any]:
    facts = [
        ("parties", ", ".join(entry.parties)),
        ("projects", ", ".join(entry.projects)),
        ("quantity", f"{entry.quantity.value:g} {entry.quantity.unit}" if entry.quantity else ""),
        ("target", shown_value(entry.target)),
        ("baseline", entry.baseline_words or shown_value(entry.baseline)),
        ("deadline", entry.deadline.isoformat() if entry.deadline else ""),
        ("measurable", (entry.measurable or "").replace("_", " ")),
        ("note", entry.note or ""),
    ]
    suggestions = [
        {
            "field": field,
            "name": words("review.edit") if field == "indicator" else words(f"review.{field}"),
            "value": shown_value(item.value),
            "why": item.why or "",
            "rule": item.rule or "",
            "by": item.accepted_by or "",
        }
        for field, item in entry.suggested.items()
    ]
    indicator = entry.indicator or (entry.suggested["indicator"].value if "indicator" in entry.suggested else "")
    return {
        "entry": entry,
        "quote": entry.quote if entry.quote is not None else text[entry.start : entry.end],
        "level": words(f"review.s{entry.strength}") if entry.strength is not None else "",
        "status": words(f"review.st_{entry.status}"),
        "topics": [words.term("topic", topic) for topic in entry.topics],
        "flags": [words(f"review.f_{flag}") for flag in entry.flags],
        "facts": [(words(f"review.{key}"), value) for key, value in facts if value],
        "suggestions": suggestions,
        "indicator": indicator or "",
        "rules": sorted(entry.rules.items()),
    }


def shown_value(value: Any) -> str:
    """Describe a value in one line."""
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    if hasattr(value, "direction"):
        if value.value is not None:
            number = f"{value.value:g} {value.unit or ''}"
        elif value.plus_baseline is not None:
            number = f"± 0 {value.plus_baseline:+g} {value.unit or ''}"
        elif value.times_baseline is not None:
            number = f"{value.times_baseline:g} ×"
        else:
            number = ""
        return f"{_SIGNS[value.direction]} {number}".strip()
    if hasattr(value, "observed"):
        given = value.observed or value.scenario or ("" if value.value is None else f"{value.value:g}")
        return f"{given} ({value.year})" if value.year else str(given)
    return str(value)


def _resource(name: str) -> str:
    return (files("landlink.report") / "templates" / name).read_text(encoding="utf-8")
