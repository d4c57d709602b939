"""The section ``[response]`` of ``study.toml``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from landlink.core.errors import Problem, hint
from landlink.study.settings_reader import SettingsReader
from landlink.tables.destinations import STUDY_FILE
from landlink.tables.frames import Tables, texts

__all__ = ["USUAL_RESPONSE", "ResponseSettings", "pair_problems", "read_response_settings", "response_setting_problems"]


@dataclass(frozen=True, slots=True)
class ResponseSettings:
    """How units respond.

    Attributes
    ----------
    within_h
        Time in which a place should be reached, h.
    shared
        Pairs of countries that let each other's units in, as ``KGZ-KAZ``; none: every country helps itself.
    """

    within_h: float = 6.0
    shared: tuple[str, ...] = ()


#: The settings of a study that states none.
USUAL_RESPONSE: Final = ResponseSettings()


def read_response_settings(section: SettingsReader) -> ResponseSettings:
    """Read the section; problems go to the reader's list."""
    found = ResponseSettings(section.number("within_h", USUAL_RESPONSE.within_h), section.texts("shared"))
    section.done()
    return found


def response_setting_problems(settings: ResponseSettings, tables: Tables) -> list[Problem]:
    """Find pairs that are none, and countries that the study does not have."""
    return list(pair_problems(settings.shared, tables, STUDY_FILE, "[response]"))


def pair_problems(pairs: Iterable[str], tables: Tables, where: str, row: str) -> Iterable[Problem]:
    """Find pairs of countries that are none, and countries without a node.

    Parameters
    ----------
    pairs
        Pairs as ``KGZ-KAZ``.
    tables
        Tables of the study.
    where, row
        Place of the pairs for messages.
    """
    known = sorted({country for country in texts(tables["node"], "country") if country})
    for pair in pairs:
        countries = pair.split("-")
        if len(countries) != 2 or countries[0] == countries[1]:
            yield Problem(
                where, "not a pair of countries", row, "shared", pair, "two countries with a hyphen, as in KGZ-KAZ"
            )
            continue
        for country in countries:
            if country not in known:
                message = "no node of the study is in this country" + hint(country, known)
                yield Problem(where, message, row, "shared", country, ", ".join(known))
