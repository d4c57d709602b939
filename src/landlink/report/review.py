"""The review page of a register: the text beside its clauses, in one self-contained HTML file."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from landlink.core.atomic_files import write_text
from landlink.core.countries import countries
from landlink.core.errors import InputError
from landlink.core.version import VERSION
from landlink.formats.authorship import marked_html
from landlink.indicators.units import unit_grammar
from landlink.report.indicator_choices import indicator_choices
from landlink.report.page_template import page_template
from landlink.report.svg import join, tag
from landlink.report.words import Words
from landlink.statement.clause import HARD_FROM, RATES, TOPICS
from landlink.statement.reading_quality import quality_figures
from landlink.statement.register import Register
from landlink.statement.register_check import check_register
from landlink.statement.register_records import Entry
from landlink.statement.register_schema import DIRECTIONS, FLAGS, MEASURABLE, QUANTITY_DIRECTIONS, STATUSES, SUGGESTED
from landlink.statement.register_yaml import parse
from landlink.statement.trend import TRENDS
from landlink.tables.destinations import OutputFile, check_output

if TYPE_CHECKING:
    from landlink.study import Study

__all__ = ["REVIEW", "page_of", "register_version", "review"]

#: The kind of file that a review page is.
REVIEW: Final = OutputFile("a review page", (".html",), marked_html("review"))

#: Languages written from right to left.
_RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ps", "ug", "ur"})
#: The parts of the page's script, in the order in which they build on one another.
_SCRIPTS: Final = (
    "text", "dom", "values", "state", "spans", "yaml", "source", "validity", "search", "indicators", "read_fields",
    "form", "card", "list", "drafts", "saving", "main",
)  # fmt: skip


def review(
    register: Register,
    text: str,
    path: str | os.PathLike[str],
    *,
    sha256: str,
    language: str = "en",
    name: str = "register.yaml",
    study: Study | None = None,
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
        Language of the page itself: one of :data:`~landlink.report.words.LANGUAGES`.
    name
        File name under which the page saves the register.
    study
        A study whose indicators can be chosen too.
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
    write_text(path, page_of(register, text, words, name, study=study))
    return Path(path)


def page_of(
    register: Register,
    text: str,
    words: Words,
    name: str,
    *,
    study: Study | None = None,
    served: Mapping[str, str] | None = None,
) -> str:
    """Make the review page.

    Parameters
    ----------
    register, text
        The register and the normalised text from which it was read.
    words
        Language of the page.
    name
        File name under which the page saves the register.
    study
        A study whose indicators can be chosen too.
    served
        What the page needs to save through the server that serves it; None for a page of its own.

    Returns
    -------
    str
        The HTML document.
    """
    source = register.source
    topics = sorted({topic for entry in register.clauses for topic in entry.topics})
    flags = [flag for flag in FLAGS if any(flag in entry.flags for entry in register.clauses)]
    script, style = _script(), _resource("page.css")
    return page_template("review/page.html.j2").render(
        words=words,
        version=VERSION,
        policy=_policy(script, style, served=served is not None),
        title=source.title_in(words.language) or words("review.title"),
        titled=bool(source.title),
        source=source,
        source_direction=_direction(source.language),
        paragraphs=_paragraphs(register.clauses, text),
        cards=[_card(entry, text, words) for entry in register.clauses],
        misses=[text[item.start : item.end] for item in register.unclassified],
        quality=_quality(source.language, words),
        topics=[(topic, words.term("topic", topic)) for topic in topics],
        flags=[(flag, words(f"review.f_{flag}")) for flag in flags],
        statuses=[(status, words(f"review.st_{status}")) for status in STATUSES],
        strengths=_strengths(words),
        countries=_countries(words),
        served=served is not None,
        # Angle brackets are escaped, so nothing in the data can close its element.
        data=Markup(_as_json(_data(register, text, words, name, study, served))),  # noqa: S704
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
    )


def register_version(register: Register) -> str:
    """Give a hash of a register, by which a page knows whether a draft in the browser started from it."""
    return hashlib.sha256(register.text().encode("utf-8", errors="backslashreplace")).hexdigest()


def _data(
    register: Register,
    text: str,
    words: Words,
    name: str,
    study: Study | None,
    served: Mapping[str, str] | None,
) -> dict[str, Any]:
    language = register.source.language
    return {
        "name": name,
        "register": parse(register.text(), name).plain,
        "version": register_version(register),
        "text": text,
        "source": {"language": language, "direction": _direction(language)},
        "served": dict(served) if served is not None else None,
        "suggested": SUGGESTED,
        "hard_from": HARD_FROM,
        "topics": [(topic, words.term("topic", topic)) for topic in TOPICS],
        "strengths": [(str(level), label) for level, label in _strengths(words)],
        "directions": [(item, words(f"review.d_{item}")) for item in (*DIRECTIONS, *TRENDS)],
        "trends": TRENDS,
        "quantity_directions": [(item, words(f"review.d_{item}")) for item in QUANTITY_DIRECTIONS],
        "rates": RATES,
        "measurable": [(item, words(f"review.m_{item}")) for item in MEASURABLE],
        "countries": dict(_countries(words)),
        "indicators": indicator_choices(words, study),
        "units": unit_grammar(),
        "words": words.group("review"),
    }


def _strengths(words: Words) -> list[tuple[int, str]]:
    return [(level, f"{words.count(level)} {words(f'review.s{level}')}") for level in range(5, -1, -1)]


def _countries(words: Words) -> list[tuple[str, str]]:
    return [(code, words.country(code)) for code in sorted(country.alpha3 for country in countries().values())]


def _script() -> str:
    parts = "\n".join(_resource(f"{part}.js") for part in _SCRIPTS)
    start = 'var data = JSON.parse(document.getElementById("data").textContent), words = data.words;'
    return f'(function () {{\n"use strict";\n{start}\n{parts}}})();\n'


def _policy(script: str, style: str, *, served: bool) -> str:
    """Allow the page's own script and style and nothing else, whatever the text may bring with it."""
    connect = "'self'" if served else "'none'"
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; "
        f"connect-src {connect}; base-uri 'none'; form-action 'none'"
    )


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _as_json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("\u2028", "\\u2028")


def _quality(language: str, words: Words) -> dict[str, Any] | None:
    """Describe the measured quality of the reader in the language of the text: on what it rests, and the figures."""
    found = [item for item in quality_figures() if item.language == language]
    if not found:
        return None
    return {
        "head": words("review.quality", documents=words.count(found[0].documents), language=language),
        "figures": [
            words(
                "review.quality_figure",
                items=words.count(item.items),
                what=words(f"review.measured_{item.what.split()[0]}"),
                **{key: words.number(getattr(item, key), decimals=2) for key in ("score", "low", "high")},
            )
            for item in found
        ],
    }


def _direction(language: str) -> str:
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


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
    """What the page shows of a clause where scripts do not run."""
    return {
        "entry": entry,
        "quote": text[entry.start : entry.end],
        "level": dict(_strengths(words)).get(entry.strength, "") if entry.strength is not None else "",
        "status": words(f"review.st_{entry.status}"),
    }


def _resource(name: str) -> str:
    return (files("landlink.report") / "templates" / "review" / name).read_text(encoding="utf-8")
