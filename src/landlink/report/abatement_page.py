"""A page of an abatement cost curve: the picture, wide and for telephones, the table behind it, and how to read it."""

from __future__ import annotations

from typing import Final

from landlink.appraisal.abatement_curve import AbatementCurve
from landlink.core.display import Drawing
from landlink.report.abatement import abatement_body
from landlink.report.abatement_picture import curve_title, measure_name
from landlink.report.appraisal_notes import told
from landlink.report.page import rendered
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.words import Words

__all__ = ["ABATEMENT_PAGE", "abatement_page"]


def abatement_page(curve: AbatementCurve, *, language: str = "en", names: str = "") -> str:
    """Write the page; see :meth:`AbatementCurve.save`."""
    words = Words(language, names=names, further=dict.fromkeys(curve.languages))

    def name(table: str, identifier: str) -> str:
        return words.country(identifier) or identifier if table == "country" else measure_name(curve, identifier, words)

    notes = (tag("p", told(note, words, name), class_="soft", dir="auto") for note in curve.notes)
    how = [tag("p", words("abatement.how")), *notes]
    sections = [
        Section("curve", words("abatement.heading"), "", abatement_body("abatement", curve, words)),
        Section("method", words("abatement.method"), "", join(how)),
    ]
    return rendered(words, curve_title(curve, words), [curve.label], sections, over=curve.title, kind="abatement")


ABATEMENT_PAGE: Final = Drawing("abatement_page", abatement_page)
