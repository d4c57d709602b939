"""Modes of GMNS links, derived from their allowed uses and their classes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import pandas as pd

from landlink.core.errors import Problem, suggestion
from landlink.formats.gmns_defaults import TRUCK_WORDS
from landlink.formats.gmns_files import GmnsFiles
from landlink.formats.link_classes import NONE, UNKNOWN, Classes, gauge_mode, known_modes, link_classes, words_of

__all__ = ["modes_of"]

_BETWEEN: Final = re.compile(r"[,;|\s]+")
_WORD: Final = re.compile(r"[a-z_]+")
_NUMBER: Final = re.compile(r"[-+]?[0-9.]+")
_GAUGE: Final = re.compile(r"[0-9]{3,4}")
#: Columns with the class of a link, the most specific first.
CLASS_COLUMNS: Final = (
    "railway", "waterway", "aeroway", "aerialway", "pipeline", "power", "telecom", "barrier", "piste", "man_made",
    "route", "facility_type", "link_type_name", "highway", "fclass", "link_class", "road_class", "functional_class",
    "link_type", "class", "type",
)  # fmt: skip


def modes_of(files: GmnsFiles) -> pd.Series[str]:
    """Determine the mode of each link; empty if freight cannot use it. What is left out is listed in the report.

    Notes
    -----
    The column ``mode`` of a link comes first. Otherwise ``allowed_uses``, with groups and definitions resolved, and the
    class of the link (``facility_type``, ``link_type_name``, OpenStreetMap's keys) are looked up in the table of
    classes; a class of its own kind, such as a railway or a river, comes before the uses. If trucks are allowed on any
    link, roads that do not allow them are closed to freight. Classes that the table does not have are left out.
    """
    classes = _with_own(files)
    link = files.tables["link"]
    uses = files.text("link", "allowed_uses")
    own_mode = files.text("link", "mode")
    meanings = _meanings(files, classes)
    words = {text: _words_of(text, meanings) for text in uses.unique()}
    trucks_named = any(found & TRUCK_WORDS for found in words.values())
    of_uses = {text: _mode_of_uses(found, classes, trucks_named=trucks_named) for text, found in words.items()}
    named = [column for column in CLASS_COLUMNS if column in link]
    cases = list(zip(own_mode, uses, *(link[column] for column in named), strict=True))
    decided = {case: _decided(case, of_uses, named, classes) for case in dict.fromkeys(cases)}
    gauges = _gauges(files)
    modes = pd.Series([decided[case][0] for case in cases], index=link.index, dtype="str")
    modes = pd.Series(
        [gauge_mode(mode, gauge) for mode, gauge in zip(modes, gauges, strict=True)], index=link.index, dtype="str"
    )
    _report(files, modes, pd.Series([decided[case][1] for case in cases], index=link.index, dtype="str"), gauges)
    return modes.where(~modes.isin([NONE, UNKNOWN]), "")


def _with_own(files: GmnsFiles) -> Classes:
    """The table with the classes that the user names; unknown modes are added to the problems."""
    known = known_modes()
    wrong = [
        Problem(
            "", "unknown mode of a class", column=word, value=mode, allowed=suggestion(mode, known) or ", ".join(known)
        )
        for word, mode in files.options.classes.items()
        if mode not in known and not re.fullmatch(r"rail_\d{3,4}", mode)
    ]
    files.problems += wrong
    refused = {problem.column for problem in wrong}
    return link_classes().with_own({word: mode for word, mode in files.options.classes.items() if word not in refused})


def _decided(case: tuple[str, ...], of_uses: dict[str, str], named: list[str], classes: Classes) -> tuple[str, str]:
    """Mode of a link, and the words that decided."""
    own, uses, *texts = case
    if own:
        mode = classes.mode_of(own)
        return (own if own in known_modes() else mode), f"mode {own}"
    found = [
        (classes.mode_of(text, column), f"{column} {text}")
        for column, text in zip(named, texts, strict=True)
        if text and text.lower() != "no" and not _NUMBER.fullmatch(text)
    ]
    used = of_uses[uses]
    if used == NONE:
        return NONE, f"allowed_uses {uses}"
    special = [one for one in found if one[0] not in ("road", UNKNOWN)]
    if special:
        return special[0]
    if used and used != UNKNOWN:
        return used, f"allowed_uses {uses}"
    if found:
        return next((one for one in found if one[0] != UNKNOWN), found[0])
    return (UNKNOWN, f"allowed_uses {uses}") if used == UNKNOWN else ("road", "")


def _mode_of_uses(words: set[str], classes: Classes, *, trucks_named: bool) -> str:
    """Mode for the uses of a link; empty if there are none."""
    if not words:
        return ""
    modes = {word: classes.mode_of(word) for word in words}
    for mode in dict.fromkeys(modes.values()):
        if mode not in ("road", NONE, UNKNOWN):
            return mode
    if "road" in modes.values():
        return NONE if trucks_named and not words & (TRUCK_WORDS | {"all", "any"}) else "road"
    if UNKNOWN not in modes.values():
        return NONE
    # High-occupancy and the like, hov3+ or sov_toll, are cars; anything else is unknown.
    return UNKNOWN


def _meanings(files: GmnsFiles, classes: Classes) -> dict[str, set[str]]:
    """Words defined by a use or a group of uses."""
    meanings: dict[str, set[str]] = {}
    for use, description in zip(
        files.text("use_definition", "use"), files.text("use_definition", "description"), strict=True
    ):
        named = {word for word in _WORD.findall(description.lower()) if classes.mode_of(word) != UNKNOWN}
        meanings[use.lower()] = {use.lower()} if classes.mode_of(use) != UNKNOWN or not named else named
    for name, uses in zip(files.text("use_group", "use_group"), files.text("use_group", "uses"), strict=True):
        items = {item for item in _BETWEEN.split(uses.lower()) if item}
        meanings[name.lower()] = {word for item in items for word in meanings.get(item, {item})}
    return meanings


def _words_of(text: str, meanings: dict[str, set[str]]) -> set[str]:
    items = {item.strip("[]'\"") for item in _BETWEEN.split(text.lower())} - {""}
    return {word for item in items for word in meanings.get(item, {item})}


def _gauges(files: GmnsFiles) -> list[set[int]]:
    """Gauges that each link states, mm."""
    column = next((name for name in ("gauge_mm", "gauge") if (files.text("link", name) != "").any()), "gauge_mm")
    return [{int(float(gauge)) for gauge in _GAUGE.findall(text)} for text in files.text("link", column)]


def _report(files: GmnsFiles, modes: pd.Series[str], reasons: pd.Series[str], gauges: list[set[int]]) -> None:
    counts = ", ".join(
        f"{count} {mode}" for mode, count in modes[~modes.isin([NONE, UNKNOWN])].value_counts(sort=False).items()
    )
    known = int((~modes.isin([NONE, UNKNOWN])).sum())
    text = f"Check the modes of links, from their uses and classes: {counts or 'none'}."
    files.report.add("assumed", "link", text, rows=known)
    if own := int((files.text("link", "mode") != "").sum()):
        files.report.add("assumed", "link", f"Check the modes of {own} links, taken from the column mode.", rows=own)
    _left_out(files, reasons[modes == NONE], "were left out: {} carry no freight")
    unknown = reasons[modes == UNKNOWN]
    _left_out(
        files,
        unknown,
        "were left out: the table of classes does not have {}. Say what they are, for example --class '{first}=road'",
    )
    if blank := int(((reasons == "") & (modes == "road")).sum()):
        text = f"{blank} links without allowed uses and class were assumed to be roads open to trucks."
        files.report.add("assumed", "link", text, rows=blank)
    several = [i for i, found in enumerate(gauges) if len(found) > 1 and str(modes.iloc[i]).startswith("rail")]
    if several:
        names = files.text("link", "link_id").iloc[several]
        text = f"{len(several)} railway links state several gauges; their mode is the one without a gauge."
        files.report.add("assumed", "link", text, rows=len(several), examples=names)


def _left_out(files: GmnsFiles, reasons: pd.Series[str], text: str) -> None:
    if reasons.empty:
        return
    counted = reasons.value_counts(sort=False)
    what = _joined(f"{reason} ({count})" for reason, count in counted.items())
    first = str(counted.index[0]).partition(" ")[2]
    rows = files.text("link", "link_id")[reasons.index]
    told = text.format(what, first=words_of(first) if "{first}" in text else "")
    files.report.add("left out", "link", f"{len(reasons)} links {told}.", rows=len(reasons), examples=rows)


def _joined(items: Iterable[str]) -> str:
    return ", ".join(items)
