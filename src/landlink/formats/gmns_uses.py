"""Modes of GMNS links, derived from their allowed uses."""

from __future__ import annotations

import re

import pandas as pd

from landlink.formats.gmns_defaults import MODES, OTHER_WORDS, TRUCK_WORDS

_BETWEEN = re.compile(r"[\s,;|]+")
_WORD = re.compile(r"[a-z_]+")


def modes_of(files: dict[str, pd.DataFrame], notes: list[str]) -> pd.Series[str]:
    """Determine the mode of each link; empty if freight cannot use it.

    Parameters
    ----------
    files
        Files of the network: ``link``, and ``use_group`` and ``use_definition`` if present.
    notes
        Notes to which assumptions are added.

    Notes
    -----
    The column ``mode`` of a link takes precedence. Otherwise the words of ``allowed_uses`` determine the mode, with
    groups and definitions resolved; if trucks are allowed on any link, roads that do not allow them are closed to
    freight. A link without allowed uses is classified by its ``facility_type``, by default as a road.
    """
    link = files["link"]
    if "mode" in link and (link["mode"] != "").any():
        notes.append("Check the modes of links, taken from the column mode.")
        return link["mode"].where(link["mode"] != "", "road")
    uses = link["allowed_uses"] if "allowed_uses" in link else pd.Series("", index=link.index, dtype="str")
    facility = link["facility_type"] if "facility_type" in link else pd.Series("", index=link.index, dtype="str")
    meanings = _meanings(files)
    words = {text: _words_of(text, meanings) for text in uses.unique()}
    trucks_named = any(found & TRUCK_WORDS for found in words.values())
    cases = pd.Series(list(zip(uses, facility, strict=True)), index=link.index)
    decided = {case: _mode(words[case[0]], case[1], trucks_named=trucks_named) for case in cases.unique()}
    modes = cases.map(decided).astype("str")
    notes += _notes(uses, modes, trucks_named=trucks_named)
    return modes


def _mode(words: set[str], facility: str, *, trucks_named: bool) -> str:
    if not words:
        named = set(_WORD.findall(facility.lower()))
        return next((known.mode for known in MODES if named & known.words), "" if named & OTHER_WORDS else "road")
    for known in MODES:
        if words & known.words:
            closed = known.mode == "road" and trucks_named and not words & (TRUCK_WORDS | {"all"})
            return "" if closed else known.mode
    # Unknown words such as hov2 mean a road, unless all words are for pedestrians and the like.
    return "" if words <= OTHER_WORDS or trucks_named else "road"


def _meanings(files: dict[str, pd.DataFrame]) -> dict[str, set[str]]:
    """Words defined by a use or a group of uses."""
    meanings: dict[str, set[str]] = {}
    known = {word for mode in MODES for word in mode.words} | OTHER_WORDS
    definition = files.get("use_definition")
    if definition is not None and {"use", "description"} <= set(definition.columns):
        for use, description in zip(definition["use"], definition["description"], strict=True):
            named = set(_WORD.findall(description.lower())) & known
            meanings[use.lower()] = {use.lower()} if use.lower() in known or not named else named
    group = files.get("use_group")
    if group is not None and {"use_group", "uses"} <= set(group.columns):
        for name, uses in zip(group["use_group"], group["uses"], strict=True):
            items = {item for item in _BETWEEN.split(uses.lower()) if item}
            meanings[name.lower()] = {word for item in items for word in meanings.get(item, {item})}
    return meanings


def _words_of(text: str, meanings: dict[str, set[str]]) -> set[str]:
    items = {item.strip("[]'\"") for item in _BETWEEN.split(text.lower())} - {""}
    return {word for item in items for word in meanings.get(item, {item})}


def _notes(uses: pd.Series[str], modes: pd.Series[str], *, trucks_named: bool) -> list[str]:
    counts = ", ".join(f"{count} {mode}" for mode, count in modes[modes != ""].value_counts(sort=False).items())
    notes = [f"Check the modes of links, inferred from allowed_uses and facility_type: {counts}."]
    closed = int((modes == "").sum())
    if closed:
        why = "they do not name trucks, or are for people on foot and the like" if trucks_named else "not for vehicles"
        notes.append(f"{closed} links were left out: {why}.")
    if (uses == "").any():
        notes.append(f"{int((uses == '').sum())} links without allowed uses were assumed to be open to trucks.")
    return notes
