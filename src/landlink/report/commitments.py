"""The scoreboard of commitments, for reports on studies with a register."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from landlink.indicators.expressions import split_terms
from landlink.report.section import Section
from landlink.report.statement_words import direction_of
from landlink.report.subject import compared_views
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View, with_key
from landlink.report.words import Words
from landlink.statement.clause_wording import wording_of
from landlink.statement.criterion import Criterion, Reason
from landlink.statement.observed_series import known_unit
from landlink.statement.score_line import Assessment, ScoreLine
from landlink.statement.scoreboard import Scoreboard
from landlink.statement.trend import MOVEMENTS

__all__ = ["section"]


def section(views: Sequence[View], board: Scoreboard | None) -> Section | None:
    """Build the section.

    Parameters
    ----------
    views
        The results.
    board
        Their scoreboard, its cases in the order of the results.

    Returns
    -------
    Section or None
        None without a scoreboard of these results.
    """
    if board is None or len(board.cases) != len(views):
        return None
    words = views[0].words
    counts = board.tally(board.cases[-1][0])
    finding = words(
        "statement.title",
        met=words.count(counts["met"]),
        testable=words.count(len(board.testable)),
        all=words.count(len(board.lines)),
    )
    tested = [line for line in board.lines if line.of("scenario") or line.criterion is not None]
    rest = [line for line in board.lines if line not in tested]
    foreign = any(
        wording_of(line.entry, board.register, words.language).language != words.language for line in board.lines
    )
    compared = compared_views(views)
    places = [list(views).index(view) for view in compared]
    order = sorted(tested, key=lambda line: (line.criterion is None, line.directional))
    body = [
        tag("p", words("statement.how", title=board.register.source.title_in(words.language))),
        *([tag("p", words("statement.untranslated"))] if foreign else []),
        *_movements(board, counts, words),
        _scores(compared, places, order, board),
    ]
    if len(compared) < len(views):
        body.append(folded(words("common.all_results"), _scores(views, range(len(views)), order, board)))
    if rest:
        body.append(folded(words("statement.rest"), _rest(rest, board, words)))
    return Section("statement", words("statement.heading"), finding, join(body))


def _movements(board: Scoreboard, counts: Mapping[str, int], words: Words) -> list[Markup]:
    """Say what the last result shows of clauses that name a direction only; they are never counted as met."""
    if not board.directional:
        return []
    shown = {name: words.count(counts[name]) for name in MOVEMENTS}
    return [tag("p", words("statement.movements", all=words.count(len(board.directional)), **shown))]


def _scores(views: Sequence[View], places: Sequence[int], lines: Sequence[ScoreLine], board: Scoreboard) -> Markup:
    """Table of clauses in some results, whose places among the cases of the scoreboard are given."""
    words = views[0].words
    heads = [
        Head(words("statement.clause"), numeric=False),
        Head(words("statement.test"), numeric=False),
        *(Head(view.head, numeric=False) for view in views),
        Head(words("statement.seen"), numeric=False),
    ]
    rows = [_row(line, views[0], [board.cases[place][0] for place in places], board) for line in lines]
    return table(with_key(words("statement.caption"), views), heads, [Group("", rows)], class_="wide")


def _row(line: ScoreLine, view: View, cases: Sequence[str], board: Scoreboard) -> list[str | Markup]:
    words = view.words
    by_case = {item.case: item for item in line.of("scenario")}
    return [
        _clause(line, board, words),
        _test(line, view),
        *(_verdict(line, by_case.get(case), words) for case in cases),
        _evidence(line, words),
    ]


def _clause(line: ScoreLine, board: Scoreboard, words: Words) -> Markup:
    entry = line.entry
    strength = words(f"review.s{entry.strength}") if entry.strength is not None else ""
    under = " · ".join(part for part in (entry.id, strength) if part)
    shown = wording_of(entry, board.register, words.language)
    foreign = shown.language != words.language
    text = tag(
        "bdi",
        shown.text,
        lang=shown.language if foreign else None,
        dir=direction_of(shown.language) if foreign else None,
    )
    return join([tag("span", text), tag("span", under, class_="under")])


def _test(line: ScoreLine, view: View) -> Markup:
    words = view.words
    indicator = str(line.entry.accepted_value("indicator"))
    sides = [[words.isolated(view.indicator_label(term)) for term in side] for side in split_terms(indicator)]
    sums = [" + ".join(side) for side in sides]
    named = " / ".join(
        f"({text})" if len(side) > 1 < len(sides) else text for text, side in zip(sums, sides, strict=True)
    )
    under = words("statement.proxy", indicator=named) if line.proxy else named
    if line.criterion is None:
        head = _reason(line.reason, words)
    else:
        head = words(
            f"statement.{line.criterion.direction}", target=words.quantity(line.criterion.target, line.criterion.unit)
        )
    return join([tag("span", head), tag("span", under, class_="under")])


def _verdict(line: ScoreLine, item: Assessment | None, words: Words) -> str | Markup:
    if item is None:
        return words("common.no_value")
    criterion = line.criterion
    if criterion is None or item.verdict == "not_testable":
        if math.isfinite(item.value):
            value = words.quantity(item.value, known_unit(str(line.entry.accepted_value("indicator"))))
            return join([tag("span", value), *_range(item, words)]) if item.has_interval else value
        return _reason(item.reason, words)
    verdict = tag("span", words(f"statement.{item.verdict}"), class_=f"verdict v-{_CLASSES[item.verdict]}")
    return join([verdict, tag("span", _margin(item, criterion, words), class_="under"), *_range(item, words)])


def _range(item: Assessment, words: Words) -> list[Markup]:
    """The interval of a value, where it has one."""
    if not item.has_interval:
        return []
    ends = words("security.ends", low=words.number(item.low), high=words.number(item.high))
    return [tag("span", words.headed(words("security.interval"), ends), class_="under")]


def _margin(item: Assessment, criterion: Criterion, words: Words) -> str:
    """The value and how far it is from the target, or from the baseline of a direction, in the criterion's unit."""
    moving = _CLASSES[item.verdict] == "moving"
    told = words(
        "statement.margin_direction" if moving else "statement.margin",
        distance=words.quantity(item.distance, criterion.unit, signed=True),
    )
    if not (math.isfinite(item.value) and math.isfinite(criterion.target)):
        return words.quantity(item.distance, criterion.unit, signed=True)
    if moving and item.distance == 0:
        # The verdict says that it does not move.
        return words.quantity(item.value, criterion.unit)
    return words("common.with_note", value=words.quantity(item.value, criterion.unit), note=told)


_CLASSES = {"met": "within", "not_met": "outside", "right_way": "moving", "wrong_way": "moving", "no_change": "moving"}


def _evidence(line: ScoreLine, words: Words) -> str:
    since, last = line.met_since, line.latest_verdict
    if (moving := line.moving_since) is not None:
        movement = words(f"statement.{moving.verdict}")
        return words("statement.moving_since", movement=movement, when=_day(moving.when, words))
    if since is not None:
        return words("statement.kept", when=_day(since.when, words))
    if last is not None:
        return words("statement.not_kept", when=_day(last.when, words))
    return words("statement.open") if line.evidence else words("common.no_value")


def _day(when: str, words: Words) -> str:
    """Isolate a date, so that its parts keep their order within right-to-left text."""
    return f"\u2066{when}\u2069" if words.direction == "rtl" else when


def _rest(lines: Sequence[ScoreLine], board: Scoreboard, words: Words) -> Markup:
    heads = [
        Head(words("statement.clause"), numeric=False),
        Head(words("statement.not_testable"), numeric=False),
        Head(words("statement.seen"), numeric=False),
    ]
    rows = [[_clause(line, board, words), _reason(line.reason, words), _evidence(line, words)] for line in lines]
    return table(words("statement.rest"), heads, [Group("", rows)], class_="wide")


def _reason(reason: Reason | None, words: Words) -> str:
    return words(f"statement.r_{reason.key}") if reason is not None else words("common.no_value")
