"""The schema of a register: every field declared once, with type, bounds and meaning, for reader, checks and docs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from landlink.core.languages import LANGUAGES
from landlink.statement.clause import RATES, TOPICS
from landlink.statement.trend import MOVEMENTS, TRENDS

__all__ = [
    "DIRECTIONS", "DISPUTABLE", "FINDINGS", "FLAGS", "FORMAT", "MEASURABLE", "PRESENCE", "QUANTITY_DIRECTIONS",
    "SCHEMAS", "STATUSES", "SUGGESTED", "Field",
]  # fmt: skip

#: Format of the file; the number is raised by any change that older readers cannot follow.
FORMAT: Final = "landlink-register/1"

STATUSES: Final = ("draft", "accepted", "rejected")
DIRECTIONS: Final = ("at_least", "at_most", "more_than", "less_than", "equal")
#: What the words of a clause may say of its number: a side of it, or that it is a change.
QUANTITY_DIRECTIONS: Final = ("at_least", "at_most", "equal", "increase_by", "decrease_by")
#: The second group is for clauses that name a trend and no number, which are never kept or broken.
FINDINGS: Final = ("kept", "partly_kept", "not_kept", "open", *MOVEMENTS)
#: direct: the indicator measures the commitment itself. proxy: it measures something close to it. not_computed: the
#: commitment is measurable, but this version does not compute the indicator. not_measurable: no number would show it.
MEASURABLE: Final = ("direct", "proxy", "not_computed", "not_measurable")
#: What a reviewer should look at.
FLAGS: Final = (
    "anaphora", "inherited_strength", "duplicate", "missing_baseline", "missing_deadline", "country_not_party",
    "effect", "provision", "out_of_genre", "no_cue", "model_reading",
)  # fmt: skip
#: Fields that may be inferred rather than read; they are then kept under ``suggested`` until a person accepts them.
SUGGESTED: Final = ("indicator", "measurable", "target", "baseline", "deadline", "projects", "parties")
#: Fields of a clause on which reviewers may disagree; ``clause`` is whether there is such a clause at all.
DISPUTABLE: Final = (
    "clause", "status", "strength", "topics", "parties", "projects", "places", "quantity", "baseline_words", "target",
    "baseline", "deadline", "due_after", "measurable", "indicator", "gloss", "glosses", "head",
)  # fmt: skip
PRESENCE: Final = ("present", "absent")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record.

    Attributes
    ----------
    name
        Name of the field in the file.
    kind
        ``text``, ``line``, ``integer``, ``number``, ``date``, ``period``, ``hash``, ``id``, ``party``, the name of
        a record, ``translations`` (text by language) or ``any`` for a suggestion; preceded by ``list of`` for several.
    meaning
        One sentence for the reference page.
    needed
        Whether a value is required.
    allowed
        Closed list of values; empty if any value is allowed.
    low, high
        Bounds of a number.
    """

    name: str
    kind: str
    meaning: str
    needed: bool = False
    allowed: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf


def _f(name: str, kind: str, meaning: str, allowed: tuple[str, ...] = (), **more: Any) -> Field:
    return Field(name, kind, meaning, allowed=allowed, **more)


#: All records by name, with their fields in file order.
SCHEMAS: Final[dict[str, tuple[Field, ...]]] = {
    "register": (
        _f("schema", "line", "Format of the register.", (FORMAT,), needed=True),
        _f("source", "source", "The text that was read.", needed=True),
        _f("parties", "list of party", "Countries that signed, as ISO 3166-1 alpha-3 codes."),
        _f("projects", "list of project", "Projects that the clauses name."),
        _f("clauses", "list of clause", "Clauses in text order.", needed=True),
        _f("unclassified", "list of sentence", "Sentences in which no clause was found, so that misses can be seen."),
    ),
    "source": (
        _f("title", "line", "Title of the text."),
        _f("titles", "translations", "The title in other languages, by ISO 639-1 code.", LANGUAGES),
        _f("language", "line", "ISO 639-1 code of most of the text.", needed=True),
        _f("sha256", "hash", "SHA-256 of the normalised text in UTF-8.", needed=True),
        _f("characters", "integer", "Length of the normalised text in characters.", needed=True, low=0),
        _f("file", "line", "Name of the file that was read."),
        _f("format", "line", "Its format.", ("pdf", "docx", "html", "text")),
        _f("file_sha256", "hash", "SHA-256 of the file."),
        _f("pages", "integer", "Number of its pages, where they are known.", low=1),
        _f("issued", "date", "Date on which it was issued."),
        _f("read_by", "line", "Program or model that read it."),
        _f("note", "text", "Remarks."),
    ),
    "project": (
        _f("id", "id", "Identifier, as clauses use it.", needed=True),
        _f("title", "line", "Name of the project."),
        _f("measure", "id", "The study's measure that models it."),
        _f("countries", "list of party", "Countries in which it lies."),
    ),
    "clause": (
        _f("id", "id", "Identifier, unique within the register.", needed=True),
        _f("sentence", "integer", "Index of its sentence, from 0.", low=0),
        _f("start", "integer", "Start of its span in the normalised text, in characters.", needed=True, low=0),
        _f("end", "integer", "End of its span.", needed=True, low=0),
        _f("page", "integer", "Page of the file on which it begins, where pages are known.", low=1),
        _f("quote", "text", "The normalised text of the span, verbatim; null if the text must not be reproduced."),
        _f("gloss", "text", "What it says, in the words of the register's author."),
        _f("glosses", "translations", "The gloss in other languages, by ISO 639-1 code.", LANGUAGES),
        _f("strength", "integer", "5 signed, 4 pledged, 3 will, 2 ready, 1 stressed, 0 none.", low=0, high=5),
        _f("topics", "list of line", "Topics, the most relevant first.", TOPICS),
        _f("parties", "list of party", "Countries that commit themselves."),
        _f("projects", "list of id", "Projects that it concerns."),
        _f("places", "list of line", "Places that it names."),
        _f("quantity", "quantity", "The number that it states."),
        _f("baseline_words", "text", "The state that it compares with, in the words of the text or of the gloss."),
        _f("target", "target", "What is to be achieved."),
        _f("baseline", "baseline", "The value that it compares with."),
        _f("deadline", "date", "Date by which it is due."),
        _f(
            "due_after", "duration",
            "Time after the date of issue by which it is due, where the text gives no date: P3Y, P6M, P2W or P30D.",
        ),
        _f("measurable", "line", "How it can be measured.", MEASURABLE),
        _f("indicator", "line", "Indicator expression: an indicator, a sum, or a ratio of sums."),
        _f("note", "text", "Why it is measured this way, or cannot be measured."),
        _f("head", "text", "For an inherited strength, the words from which it comes."),
        _f("flags", "list of line", "What a reviewer should look at.", FLAGS),
        _f("rules", "rules", "For each field that was read, the rule that set it."),
        _f("suggested", "suggestions", "Inferred values; none counts until a person accepts it."),
        _f("status", "line", "State of its review.", STATUSES, needed=True),
        _f("accepted_by", "line", "Person who accepted it; required for an accepted clause."),
        _f("outcomes", "list of outcome", "What happened later."),
        _f("decisions", "list of decision", "Who decided what in review, and when; the latest last."),
        _f("disagreements", "list of opinion", "Fields on which reviewers differ, until one of them settles it."),
    ),
    "quantity": (
        _f("value", "number", "The number, with any scale word applied.", needed=True),
        _f("unit", "line", "What is counted; null if unknown."),
        _f("start", "integer", "Start of its span in the normalised text.", needed=True, low=0),
        _f("end", "integer", "End of its span.", needed=True, low=0),
        _f("per", "line", "For a rate, its period, or what the amount is for.", RATES),
        _f("direction", "line", "What the words say of the number; null if they do not say.", QUANTITY_DIRECTIONS),
        _f("baseline", "number", "The number from which it is to change, in the same unit, if the clause states it."),
    ),
    "target": (
        _f(
            "direction", "line",
            "Side of the number on which the commitment is kept; increase or decrease, without a number, where the "
            "clause names a trend only.",
            (*DIRECTIONS, *TRENDS), needed=True,
        ),
        _f("value", "number", "The number in the indicator's unit."),
        _f("times_baseline", "number", "Alternatively, a multiple of the baseline.", low=0),
        _f("plus_baseline", "number", "Alternatively, a change from the baseline, in `unit` or the indicator's."),
        _f(
            "unit", "line",
            "Unit of the number, else the indicator's. One that cannot be compared with that is refused.",
        ),
        _f(
            "tolerance", "number",
            "Permitted shortfall, as a share of the target; for a trend, the change, as a share of the baseline, up to "
            "which nothing has moved (0.001 if not given).",
            low=0, high=1,
        ),
    ),
    "baseline": (
        _f("value", "number", "The value in the indicator's unit."),
        _f("observed", "id", "Alternatively, a row of the study's table `observed`."),
        _f("scenario", "id", "Alternatively, a scenario of the study, for the value of the indicator there."),
        _f("year", "integer", "Year to which it applies.", low=1900, high=2200),
    ),
    "suggestion": (
        _f("value", "any", "The value, written as in the field itself.", needed=True),
        _f("rule", "line", "The rule that inferred it."),
        _f("why", "text", "The reason, for the reviewer."),
        _f("accepted_by", "line", "Person who accepted it; null if nobody has, and then it does not count."),
    ),
    "outcome": (
        _f("when", "period", "Year, month or day: 2024, 2024-06 or 2024-06-30.", needed=True),
        _f("value", "number", "Observed value in the indicator's unit."),
        _f("bound", "line", "The true value, or a bound of it.", ("value", "lower", "upper")),
        _f("observed", "list of id", "Rows of the study's table `observed` that add up to it."),
        _f("finding", "line", "What it says about the commitment, where no number does.", FINDINGS),
        _f("what", "text", "What happened.", needed=True),
        _f("source", "text", "Where it was published.", needed=True),
    ),
    "decision": (
        _f("field", "line", "What was decided on.", (*DISPUTABLE, "span", "note"), needed=True),
        _f("value", "text", "What was decided, in words; null if a value was removed."),
        _f("by", "line", "Person who decided.", needed=True),
        _f("when", "date", "Day of the decision; null if unknown."),
    ),
    "opinion": (
        _f("field", "line", "The field, or `clause`: whether there is such a clause at all.", DISPUTABLE, needed=True),
        _f("value", "any", "The value that this reviewer holds, written as in the field; null for none."),
        _f("by", "line", "The reviewer, or the file where no name is known.", needed=True),
        _f("when", "date", "Day of the decision; null if unknown."),
    ),
    "sentence": (
        _f("start", "integer", "Start of its span in the normalised text.", needed=True, low=0),
        _f("end", "integer", "End of its span.", needed=True, low=0),
        _f("language", "line", "ISO 639-1 code."),
        _f("quote", "text", "The normalised text of the span; null if the text must not be reproduced."),
        _f("flags", "list of line", "What a person should look at.", FLAGS),
    ),
}  # fmt: skip
