"""Quality of the statement reader: precision, recall and F1 on hand-annotated sentences, and time per sentence."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.tables import Table, number
from landlink.statement import read

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "tests" / "gold"
REFERENCE = ROOT.parent / "shared" / "reference" / "statement"
#: Counts of the first reading of each set, before any rule was changed because of it.
FIRST = GOLD / "first.csv"
QUALITY = ROOT / "src" / "landlink" / "statement" / "quality.csv"
LANGUAGES = ("ar", "en", "ru", "zh")
#: Tasks: sentences with a commitment, and with a hard one; hard clauses; topics; spans of all clauses.
WHAT = ("any", "hard", "hard clauses", "topics", "spans")
#: Overlap from which a span counts as found.
MIN_OVERLAP = 0.5
_MARK = re.compile(r"\[(\d)((?: ?[a-z_]+)*)\|([^\]]*)\]")
#: Repetitions when timing.
_REPEATS = 5


@dataclass(frozen=True)
class Marked:
    """A clause, annotated by hand or found by the reader."""

    start: int
    end: int
    strength: int
    topics: frozenset[str]


@dataclass(frozen=True)
class Example:
    """A sentence with its annotated clauses."""

    id: str
    half: str
    kind: str
    text: str
    clauses: tuple[Marked, ...]


@dataclass
class Tally:
    """Counts of correct, spurious and missed items."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, right: int, found: int, wanted: int) -> None:
        """Add counts: ``right`` of those found are among those wanted."""
        self.right += right
        self.wrong += found - right
        self.missed += wanted - right

    @property
    def precision(self) -> float:
        """Share of the items found that are correct."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of the items wanted that were found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / both if both else 1.0


@dataclass
class Score:
    """Tallies of one set of sentences in one language."""

    sentences: int = 0
    ms: float = float("nan")
    tallies: dict[str, Tally] = field(default_factory=lambda: {what: Tally() for what in WHAT})


def examples(path: Path) -> Iterator[Example]:
    """Yield the sentences of one table of the gold set."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield _example(row)


def _example(row: dict[str, str]) -> Example:
    text, clauses, last = "", [], 0
    for match in _MARK.finditer(row["text"]):
        text += row["text"][last : match.start()]
        start = len(text)
        text += match.group(3)
        clauses.append(Marked(start, len(text), int(match.group(1)), frozenset(match.group(2).split())))
        last = match.end()
    return Example(row["id"], row["half"], row["kind"], text + row["text"][last:], tuple(clauses))


def found_in(text: str) -> tuple[Marked, ...]:
    """Return the clauses that the reader finds."""
    return tuple(Marked(c.start, c.end, c.strength, frozenset(c.topics)) for c in read(text).clauses)


def overlap(one: Marked, other: Marked) -> float:
    """Return the Jaccard index of two spans: characters in both over characters in either."""
    both = min(one.end, other.end) - max(one.start, other.start)
    return max(0, both) / (max(one.end, other.end) - min(one.start, other.start))


def _matches(found: Iterable[Marked], wanted: Iterable[Marked]) -> int:
    left = list(wanted)
    count = 0
    for clause in found:
        best = max(left, key=lambda other: overlap(clause, other), default=None)
        if best is not None and overlap(clause, best) >= MIN_OVERLAP:
            left.remove(best)
            count += 1
    return count


def compare(score: Score, found: Sequence[Marked], wanted: Sequence[Marked]) -> None:
    """Add one sentence to a score; expected effects (strength 0) count on neither side."""
    score.sentences += 1
    for what, least in (("any", 1), ("hard", 2)):
        ours, theirs = (any(clause.strength >= least for clause in side) for side in (found, wanted))
        score.tallies[what].add(int(ours and theirs), int(ours), int(theirs))
    for what, least in (("hard clauses", 2), ("spans", 1)):
        ours_list, theirs_list = ([clause for clause in side if clause.strength >= least] for side in (found, wanted))
        score.tallies[what].add(_matches(ours_list, theirs_list), len(ours_list), len(theirs_list))
    topics_found, topics_wanted = (
        {topic for clause in side if clause.strength for topic in clause.topics} for side in (found, wanted)
    )
    score.tallies["topics"].add(len(topics_found & topics_wanted), len(topics_found), len(topics_wanted))


def measure(sentences: Sequence[Example], *, timed: bool = True) -> Score:
    """Score some sentences, and measure the time per sentence."""
    score = Score()
    for example in sentences:
        compare(score, found_in(example.text), example.clauses)
    if timed and sentences:
        start = time.perf_counter()
        for _ in range(_REPEATS):
            for example in sentences:
                read(example.text)
        score.ms = (time.perf_counter() - start) * 1e3 / (_REPEATS * len(sentences))
    return score


def reference() -> Score | None:
    """Score on the annotated register of a real statement, if the folder that holds it is beside the checkout."""
    register, source = REFERENCE / "joint-statement-2022.register.yaml", REFERENCE / "joint-statement-2022.ar.txt"
    if not (register.is_file() and source.is_file()):
        return None
    sentences, clauses = _listed(register.read_text(encoding="utf-8"))
    found = found_in(source.read_text(encoding="utf-8"))
    score = Score()
    for start, end in sentences:
        inside = [[c for c in side if start <= c.start < end] for side in (found, clauses)]
        compare(score, inside[0], inside[1])
    return score


def _listed(text: str) -> tuple[list[tuple[int, int]], list[Marked]]:
    """Read the sentences and clauses of a register line by line: spans, strengths and topics."""
    entries: list[dict[str, Any]] = []
    listing = False
    for line in text.splitlines():
        if line.startswith("- id: "):
            entries.append({"id": line[6:], "topics": []})
        elif entries and (match := re.match(r"  (start|end|strength|level): (\d+)$", line)):
            entries[-1][match.group(1)] = int(match.group(2))
        elif entries and listing and line.startswith("  - "):
            entries[-1]["topics"].append(line[4:])
        listing = line == "  topics:" or (listing and line.startswith("  - "))
    sentences = [(entry["start"], entry["end"]) for entry in entries if entry["id"].startswith("S")]
    clauses = [
        Marked(entry["start"], entry["end"], entry["strength"], frozenset(entry["topics"]))
        for entry in entries
        if entry["id"].startswith("C")
    ]
    return sentences, clauses


def sets() -> list[tuple[str, str, list[Example]]]:
    """List the sets: language, name and sentences.

    Rules were developed on ``tune``; ``fresh`` and ``last`` were written and measured later and then used for
    development, too; ``held`` was never looked at; of ``blind``, the first reading is kept, made before it was used.
    """
    found = []
    for language in LANGUAGES:
        gold = list(examples(GOLD / f"{language}.csv"))
        found += [(language, half, [item for item in gold if item.half == half]) for half in ("tune", "held")]
        for name in ("fresh", "last", "blind"):
            path = GOLD / name / f"{language}.csv"
            if path.is_file():
                found.append((language, name, list(examples(path))))
    return found


def tables() -> list[Table]:
    """Tabulate F1 by set and task."""
    table = Table(
        "Statements: F1 (precision, recall) and time",
        ["language", "set", "sentences", *WHAT, "ms per sentence"],
        notes=[
            "any, hard: sentences with a commitment, and with a hard one (strength 2 or more)",
            "hard clauses, spans: hard clauses, and all clauses, at the annotated position (overlap at least half)",
            "topics: micro-averaged over sentences",
            "only the set held was never used for development; first: a set as read before it was used",
        ],
    )
    for language, name, chosen in sets():
        table.rows.append(_row(language, name, measure(chosen)))
    for language, name, score in first_readings():
        table.rows.append(_row(language, f"{name}, first", score))
    marked = reference()
    if marked is not None:
        table.rows.append(_row("ar", "reference", marked))
    return [table]


def first_readings() -> list[tuple[str, str, Score]]:
    """Read the scores of the first reading of each set."""
    scores: dict[tuple[str, str], Score] = {}
    with FIRST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            score = scores.setdefault((row["language"], row["set"]), Score(int(row["sentences"])))
            score.tallies[row["what"]] = Tally(int(row["right"]), int(row["wrong"]), int(row["missed"]))
    return [(language, name, score) for (language, name), score in scores.items()]


def _row(language: str, name: str, score: Score) -> list[str]:
    cells = [f"{t.f1:.2f} ({t.precision:.2f}, {t.recall:.2f})" for t in score.tallies.values()]
    return [language, name, str(score.sentences), *cells, number(score.ms)]
