"""Quality of the statement reader on whole documents, marked by hand without sight of its rules or output.

The rules were developed on the documents ``tune``; nobody looked at ``held`` for that. How a mark is written stands in
``tests/gold/documents/README.md``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.statement import GOLD, LANGUAGES, QUALITY, Tally
from benchmarks.tables import Table
from landlink.indicators.units import UnknownUnitError, parse_unit
from landlink.statement import read
from landlink.statement.clause import Quantity

DOCUMENTS = GOLD / "documents"
_MARK = re.compile(r"⟦(\d)([^|⟧;]*)((?:;[^|⟧]*)?)\|([^⟧]*)⟧", re.DOTALL)
#: Overlap from which a span counts as found.
_LEAST_OVERLAP = 0.5
#: Names of one unit: who marks a text names people, events and things more finely than the reader does.
_SAME_UNITS = {
    "times the baseline": "times", "trucks": "vehicles", "hours": "h", "minutes": "min", "tonnes": "t",
    "containers": "TEU", "ha": "hectares", "enterprises": "companies",
    "carriers": "companies", "boats": "vessels", "ships": "vessels", "dams": "reservoirs",
    "monitoring stations": "stations",
    "metering devices": "devices", "train pairs": "trains", "pairs of trains": "trains", "persons": "people",
    **dict.fromkeys(
        (
            "specialists", "experts", "doctors", "trainees", "tourists", "engineers", "students", "officers",
            "teachers",
            "workers", "children", "women", "drivers", "train drivers", "physicians", "nurses", "patients", "rangers",
            "interpreters", "veterinarians", "epidemiologists", "customs officers", "farmers", "interns", "agronomists",
        ),
        "people",
    ),
    **dict.fromkeys(("meetings", "reviews", "exercises", "drills", "patrols", "samplings", "sessions"), "occasions"),
    **dict.fromkeys(("times a year", "rounds"), "occasions"),
}  # fmt: skip


def _plain_unit(unit: str) -> str:
    """One name for units that differ in words only."""
    what, _, per = unit.partition("/")
    what = _SAME_UNITS.get(what, what)
    if what == "times" and per:
        what = "occasions"
    return f"{what}/{per}" if per else what


@dataclass(frozen=True)
class Marked:
    """A clause of a document, marked by hand or found by the reader; offsets are into the document."""

    start: int
    end: int
    strength: int
    topics: frozenset[str]
    quantity: tuple[float, str, str] | None = None


@dataclass(frozen=True)
class Document:
    """A document with its marked clauses."""

    name: str
    language: str
    part: str
    head: dict[str, str]
    text: str
    clauses: tuple[Marked, ...]


@dataclass
class DocumentScore:
    """Tallies over documents; quantities are counted among clauses found at their place."""

    hard: Tally = field(default_factory=Tally)
    spans: Tally = field(default_factory=Tally)
    topics: Tally = field(default_factory=Tally)
    exact: int = 0
    inexact: int = 0
    invented: int = 0
    unread: int = 0

    @property
    def exact_share(self) -> float:
        """Share of the quantities read that are exact; 1 if none was read."""
        read_here = self.exact + self.inexact + self.invented
        return self.exact / read_here if read_here else 1.0


def documents(part: str = "") -> Iterator[Document]:
    """Yield the documents of a part, or all."""
    for language in LANGUAGES:
        for path in sorted((DOCUMENTS / language).glob("*.txt")):
            own = path.stem.split("-")[0]
            if part in ("", own):
                yield _document(path, language, own)


def _document(path: Path, language: str, part: str) -> Document:
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    named = dict(line.removeprefix("# ").split(": ", 1) for line in head.splitlines() if ": " in line)
    text, clauses, last = "", [], 0
    for match in _MARK.finditer(body):
        text += body[last : match.start()]
        start = len(text)
        text += match.group(4)
        keys = dict(part.strip().split("=", 1) for part in match.group(3).split(";") if "=" in part)
        topics = frozenset(re.split(r"[ ,]+", match.group(2).strip()))
        clauses.append(Marked(start, len(text), int(match.group(1)), topics, _marked_quantity(keys)))
        last = match.end()
    return Document(path.stem, language, part, named, text + body[last:], tuple(clauses))


def _marked_quantity(keys: dict[str, str]) -> tuple[float, str, str] | None:
    if "value" not in keys:
        return None
    value, direction = float(keys["value"].replace(",", "")), keys.get("direction", "")
    if direction == "change_by":
        direction = "decrease_by" if value < 0 else "increase_by"
    return abs(value), keys.get("unit", ""), direction


def found_in(document: Document) -> list[Marked]:
    """Return the clauses that the reader finds, with offsets into the document."""
    reading = read(document.text)
    return [
        Marked(
            reading.source_offset[clause.start],
            reading.source_offset[clause.end - 1] + 1,
            clause.strength,
            frozenset(clause.topics),
            _read_quantity(clause.quantity),
        )
        for clause in reading.clauses
    ]


def _read_quantity(quantity: Quantity | None) -> tuple[float, str, str] | None:
    return None if quantity is None else (quantity.value, quantity.full_unit, quantity.direction)


def overlap(one: Marked, other: Marked) -> float:
    """Jaccard index of two spans."""
    both = min(one.end, other.end) - max(one.start, other.start)
    return max(0, both) / (max(one.end, other.end) - min(one.start, other.start))


def pairs(found: Sequence[Marked], wanted: Sequence[Marked]) -> list[tuple[Marked, Marked]]:
    """Match the clauses found with those wanted, the best overlap first."""
    ranked = sorted(
        ((overlap(one, other), n, m) for n, one in enumerate(found) for m, other in enumerate(wanted)), reverse=True
    )
    left, right, matched = set(range(len(found))), set(range(len(wanted))), []
    for share, n, m in ranked:
        if share >= _LEAST_OVERLAP and n in left and m in right:
            matched.append((found[n], wanted[m]))
            left.remove(n)
            right.remove(m)
    return matched


def same_quantity(one: tuple[float, str, str], other: tuple[float, str, str]) -> bool:
    """Whether two quantities are the same number in the same unit with the same direction."""
    units = [_plain_unit(unit) for unit in (one[1], other[1])]
    values = [one[0], other[0]]
    try:
        first, second = (parse_unit(unit) for unit in units)
    except UnknownUnitError:
        alike = units[0].rstrip("s") == units[1].rstrip("s")
    else:
        alike = first.alike(second)
        values = [values[0] * first.factor, values[1] * second.factor]
    return alike and abs(values[0] - values[1]) <= 1e-6 * abs(values[1]) and one[2] == other[2]


def add(score: DocumentScore, document: Document) -> None:
    """Add a document to a score; expected effects (strength 0) count on neither side."""
    found = [clause for clause in found_in(document) if clause.strength]
    matched = pairs(found, document.clauses)
    score.spans.add(len(matched), len(found), len(document.clauses))
    ours, theirs = ([one for one in side if one.strength >= 2] for side in (found, document.clauses))
    score.hard.add(len(pairs(ours, theirs)), len(ours), len(theirs))
    for one, other in matched:
        score.topics.add(len(one.topics & other.topics), len(one.topics), len(other.topics))
        if one.quantity and other.quantity:
            right = same_quantity(one.quantity, other.quantity)
            score.exact, score.inexact = score.exact + right, score.inexact + (not right)
        elif one.quantity:
            score.invented += 1
        elif other.quantity:
            score.unread += 1


def scores(part: str) -> dict[str, tuple[DocumentScore, list[DocumentScore]]]:
    """Score the documents of a part by language: together, and each."""
    result: dict[str, tuple[DocumentScore, list[DocumentScore]]] = {}
    for document in documents(part):
        total, each = result.setdefault(document.language, (DocumentScore(), []))
        own = DocumentScore()
        add(own, document)
        add(total, document)
        each.append(own)
    return result


#: Tasks, and the score and the number of items of each.
_TASKS: dict[str, Callable[[DocumentScore], tuple[float, int]]] = {
    "hard clauses": lambda score: (score.hard.f1, score.hard.right + score.hard.missed),
    "spans": lambda score: (score.spans.f1, score.spans.right + score.spans.missed),
    "topics": lambda score: (score.topics.f1, score.topics.right + score.topics.missed),
    "quantities": lambda score: (score.exact_share, score.exact + score.inexact),
}


def tables(*, store: bool = True) -> list[Table]:
    """Tabulate both parts; the figures of the part that no rule saw are stored, so that drafts can state them."""
    table = Table(
        "Statements: whole documents",
        ["language", "part", "documents", *_TASKS, "quantities invented, unread"],
        notes=[
            "F1 over all documents, and of the worst and best document",
            "quantities: share read exactly, with unit and direction",
            "tune was used to write the rules; held was marked without sight of them and never read for that",
        ],
    )
    lines = ["language,what,score,low,high,documents,items"]
    for part in ("tune", "held"):
        for language, (score, each) in scores(part).items():
            cells = []
            for what, figure in _TASKS.items():
                value, items = figure(score)
                low, high = min(figure(one)[0] for one in each), max(figure(one)[0] for one in each)
                cells.append(f"{value:.2f} ({low:.2f} to {high:.2f})")
                if part == "held":
                    lines.append(f"{language},{what},{value:.3f},{low:.3f},{high:.3f},{len(each)},{items}")
            table.rows.append([language, part, str(len(each)), *cells, f"{score.invented}, {score.unread}"])
    if store:
        QUALITY.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [table]


if __name__ == "__main__":
    for found in tables(store=False):
        print(found)
