"""Sections on sources with their data quality, and on the provenance of each result."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View, with_key
from landlink.results.provenance import Provenance
from landlink.tables.frames import Row, records

__all__ = ["provenance_section", "quality_counts", "rate_text", "sources_section"]

#: Flows without a route that are listed one by one.
_LISTED = 200
_QUALITIES = ("measured", "published", "estimated")


def quality_counts(view: View) -> dict[str, Counter[str]]:
    """Count the rows of each quality by table, from the provenance or else from the result's tables."""
    given = view.provenance.presentation.quality
    if given:
        return {
            str(name): Counter({str(key): int(count) for key, count in part.items()}) for name, part in given.items()
        }
    found = {}
    for name in view.result.tables:
        frame = view.table(name)
        # Result tables have a row for each direction of links, crossings and terminals; the study has one for both.
        keys = [column for column in (f"{name}_id", "family") if column in frame]
        rows = frame.drop_duplicates(keys) if f"{name}_id" in frame else frame
        counts = Counter(str(value) for value in rows.get("quality", ()) if value in _QUALITIES)
        if counts:
            found[name] = counts
    return found


def sources_section(views: Sequence[View]) -> Section:
    """Build the section on sources."""
    view = views[0]
    words = view.words
    counts = quality_counts(view)
    body: list[Markup] = []
    finding = ""
    if counts:
        total: Counter[str] = sum(counts.values(), Counter())
        everything = sum(total.values())
        finding = words(
            "sources.title",
            rows=words.count(everything),
            **{name: words.percent(total[name] / everything) for name in _QUALITIES},
        )
        heads = [Head(words("sources.table"), numeric=False), *(Head(words(f"quality.{name}")) for name in _QUALITIES)]
        rows = [[name, *(words.count(part[quality]) for quality in _QUALITIES)] for name, part in counts.items()]
        listing = table(words("sources.quality_caption"), heads, [Group("", rows)])
        body += [tag("p", words("sources.how")), folded(words("sources.quality_caption"), listing)]
    sources = view.table("source")
    if len(sources):
        heads = [Head(words("sources.source"), numeric=False), Head(words("sources.licence"), numeric=False)]
        rows_of_sources = [[_cite(row), str(row.licence)] for _, row in sources.iterrows()]
        listing = table(words("sources.caption"), heads, [Group("", rows_of_sources)], class_="notes")
        body.append(folded(words("sources.list", count=words.count(len(sources))), listing))
    else:
        body.append(tag("p", words("sources.none")))
    attribution = view.provenance.presentation.attribution
    if attribution:
        body.append(tag("p", words("sources.attribution"), " ", "; ".join(attribution), "."))
    licence = view.provenance.presentation.licence
    if licence:
        body.append(tag("p", words("sources.data_licence", licence=licence)))
    return Section("sources", words("sources.heading"), finding, join(body))


def provenance_section(views: Sequence[View]) -> Section:
    """Build the section on provenance, with the relative gap of each result."""
    words = views[0].words
    heads = [Head(words("provenance.item"), numeric=False), *(Head(view.head, numeric=False) for view in views)]
    rows = [[words(f"provenance.{key}"), *(_cell(view, key) for view in views)] for key in _ITEMS]
    if any(view.provenance.presentation.money.is_own for view in views):
        rows.append([words("provenance.rate"), *(rate_text(view) for view in views)])
    kept = [row for row in rows if any(cell != words("common.no_value") for cell in row[1:])]
    finding = words("provenance.title", gap=words.scientific(max(v.provenance.certificate.relative_gap for v in views)))
    listing = table(with_key(words("provenance.caption"), views), heads, [Group("", kept)], class_="wrap")
    body = [tag("p", words("provenance.how")), folded(words("provenance.caption"), listing)]
    notes = list(dict.fromkeys(note for view in views for note in view.provenance.presentation.notes))
    if notes:
        listed = tag("ul", *(tag("li", note) for note in notes), class_="plain")
        body.append(folded(words("provenance.notes", count=words.count(len(notes))), listed))
    body += [_unserved(view) for view in views if len(view.table("unserved"))]
    return Section("provenance", words("provenance.heading"), finding, join(body))


def _unserved(view: View) -> Markup:
    """List the demand that was left out since it has no route."""
    words, lost = view.words, view.table("unserved").sort_values("tonnes_per_year", ascending=False, kind="stable")
    tonnes = float(lost["tonnes_per_year"].sum())
    whole = tonnes + float(view.table("od")["tonnes_per_year"].sum())
    said = words(
        "provenance.unserved",
        flows=words.count(len(lost)),
        tonnes=words.quantity(tonnes, "t/year"),
        share=words.percent(tonnes / whole),
        result=view.head,
    )
    rows = [
        tag("li", _flow(view, row), ": ", words.quantity(float(row["tonnes_per_year"]), "t/year"))
        for row in records(lost.head(_LISTED))
    ]
    return folded(said, tag("ul", *rows, *([tag("li", "…")] if len(lost) > _LISTED else [])))


def _flow(view: View, row: Row) -> str:
    return view.words(
        "times.pair",
        origin=view.name("zone", row["origin_zone_id"]),
        destination=view.name("zone", row["destination_zone_id"]),
        commodity=view.name("commodity", row["commodity_id"]),
    )


_ITEMS = (
    "study",
    "measures",
    "year",
    "base_year",
    "relative_gap",
    "target_gap",
    "converged",
    "iterations",
    "seconds",
    "peak_memory_mb",
    "threads",
    "seed",
    "study_hash",
    "landlink",
    "versions",
    "finished_at",
)


def rate_text(view: View) -> str:
    """State the exchange rate of a result, with its date and source."""
    money, words = view.provenance.presentation.money, view.words
    if not money.is_own:
        return words("common.no_value")
    # A rate keeps all of its digits.
    places = len(f"{money.per_usd:.12g}".partition(".")[2])
    rate, day = words.number(money.per_usd, decimals=places), words.year(money.rate_date)
    key = "common.rate_source" if money.rate_source else "common.rate"
    return words(key, rate=rate, currency=money.code, date=day, source=money.rate_source)


def _fact(provenance: Provenance, key: str) -> Any:
    """A line of the table: an attribute of what was run, else of the certificate."""
    return getattr(provenance.run if hasattr(provenance.run, key) else provenance.certificate, key)


def _cell(view: View, key: str) -> str:
    words = view.words
    value = _fact(view.provenance, key)
    if value is None or value in ("", (), {}):
        return words("common.none") if key == "measures" else words("common.no_value")
    writers = {
        "measures": lambda: "; ".join(view.name("measure", measure.id) for measure in value),
        "versions": lambda: ", ".join(f"{name} {version}" for name, version in value.items()),
        "relative_gap": lambda: words.scientific(float(value)),
        "target_gap": lambda: words.scientific(float(value)),
        "converged": lambda: words("common.yes" if value else "common.no"),
        "year": lambda: words.year(value),
        "base_year": lambda: words.year(value),
        "seconds": lambda: words.quantity(float(value), "s"),
        "peak_memory_mb": lambda: words.quantity(float(value), "MB"),
    }
    return writers[key]() if key in writers else str(value)


def _cite(row: Any) -> Markup:
    """Format a source; its address becomes a link only if it is a valid web address."""
    url = str(row.url)
    title = (
        tag("a", str(row.title), href=url, rel="noreferrer")
        if re.match(r"^https?://[^\s\"'<>]+$", url)
        else tag("span", str(row.title))
    )
    return join([title, tag("span", f" {row.note}", class_="soft")]) if row.note else title
