"""Notes on appraisals: one sentence in English, and the same facts in every language of a report."""

from __future__ import annotations

import copy
import json
import pickle
import re
import string

import pytest

from landlink.appraisal.notes import FACTS, SENTENCES, Note, note_of
from landlink.report.appraisal_notes import note_items, told
from landlink.report.words import LANGUAGES, Words
from landlink.study.solve_reads import REASONS

#: A value of each kind of fact.
SAMPLES = {
    "year": 2035, "count": 1234, "number": 0.09, "rough": 1234.5, "percent": 2.0, "gap": 3.2e-4, "measure": "bridge",
    "text": "KES", "measures": ["bridge", "gate"], "countries": ["KGZ", "UZB"], "carriers": ["diesel", "lng"],
    "need": [["KGZ", 123.4], ["", 5.0]], "reasons": [["link.toll", "overwritten", "bridge"]],
}  # fmt: skip
NAMES = {"KGZ": "Kyrgyzstan", "UZB": "Uzbekistan", "bridge": "The bridge", "gate": "The gate"}


def name(_: str, identifier: str) -> str:
    return NAMES.get(identifier, identifier)


def places(code: str) -> list[str]:
    return [place for _, place, *_ in string.Formatter().parse(SENTENCES[code]) if place]


def sample(code: str) -> Note:
    return Note(code, ("measure", "bridge"), **{place: SAMPLES[FACTS[place]] for place in places(code)})


def test_a_note_is_its_english_sentence():
    note = Note("partners_lose", currency="KES", need=[("KGZ", 1234.5), ("", 5.0)], partners=0.0, outside=1239.5)
    assert note == (
        "what partners lose under the agreed split, million KES: Kyrgyzstan 1,200, no country named 5.0; partners that"
        " gain can give 0 of it, others would have to give 1,200"
    )
    assert note.headed("year", 2030).startswith("2030: what partners lose")
    reasons = [["link.toll", reason, "x"] for reason in sorted(REASONS)]
    assert all(REASONS[reason].format(detail="x") in Note("no_effect_why", reasons=reasons) for reason in REASONS)


@pytest.mark.parametrize("code", SENTENCES)
def test_notes_are_kept_with_their_facts(code):
    note = sample(code)
    copies = (pickle.loads(pickle.dumps(note)), copy.deepcopy(note), note_of(json.loads(json.dumps(note.record()))))
    for other in copies:
        assert other == note
        assert isinstance(other, Note)
        assert (other.code, list(other.about or ()), dict(other.facts)) == (
            note.code,
            list(note.about or ()),
            note.facts,
        )


def test_english_pages_and_commands_say_the_same():
    words = Words("en")
    for code, text in SENTENCES.items():
        assert words(f"appraisal_note.{code}", **{place: f"<{place}>" for place in places(code)}) == text.format_map(
            {place: f"<{place}>" for place in places(code)}
        )


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
@pytest.mark.parametrize("code", SENTENCES)
def test_notes_are_said_in_every_language(language, code):
    note, words = sample(code), Words(language)
    text = told(note, words, name)
    assert text != note
    assert text != told(note, Words("en"), name)
    plain = re.sub("[\u2066-\u2069]", "", text)
    assert plain.startswith("The bridge")
    shown = {place: SAMPLES[FACTS[place]] for place in places(code)}
    for place, value in shown.items():
        if FACTS[place] == "countries":
            assert all(NAMES[one] in plain for one in value)
        if FACTS[place] == "year":
            assert words.year(value) in plain
        if FACTS[place] == "carriers":
            assert all(words.term("carrier", one) in plain for one in value)
    if language in ("ru", "ky", "zh", "ar"):
        # No English word is left but names of tables, columns and methods, which are those of the study's files.
        said = re.findall(r"[A-Za-z_.]{3,}", plain.replace("The bridge", "").replace("The gate", ""))
        allowed = {
            "landlink", "appraisal", "investment", "cost_musd", "cost_share", "countries", "country", "carbon_value",
            "carrier", "price_usd_per_unit", "link.toll", "KES", "Nellthorp", "Hyman", "Kyrgyzstan", "Uzbekistan",
        }  # fmt: skip
        assert set(said) <= allowed


def test_a_mere_text_stays_as_it_is_and_is_marked():
    marked = note_items(["As somebody wrote it"], Words("ar"), name)
    assert marked == ['<li lang="en" dir="ltr">As somebody wrote it</li>']
    assert "lang=" not in note_items([sample("no_cost")], Words("ar"), name)[0]
