"""Glosses in several languages: kept in the register, merged by language, and shown in the language of the reader."""

from __future__ import annotations

import dataclasses
import html
import re

import openpyxl
import pytest

import landlink as ll
from landlink.core.errors import InputError
from landlink.core.languages import LANGUAGES
from landlink.report.comparison_page import comparison_page
from landlink.report.statement_export import export_register, export_scoreboard
from landlink.report.track_page import track_page
from landlink.report.words import Words
from landlink.statement.clause_wording import ClauseWording, evidence_of, wording_of
from landlink.statement.comparison import compare
from landlink.statement.language_model import read_with_model
from landlink.statement.register import open_register, read_register
from landlink.statement.register_check import check_register
from landlink.statement.register_merge import merge_registers
from landlink.statement.register_records import Target
from landlink.statement.score import score_results
from landlink.statement.tracking import track
from tests.support.bundled import bundled_study
from tests.support.report_fixture import rich_results
from tests.support.review_pages import browser, context, opened, saved
from tests.support.statement_fixture import HASH, TEXT, WHO, entry, register, trucks

__all__ = ["browser", "context", "opened"]

TRANSLATED = ("ar", "ky", "ru", "zh")
GLOSS, RUSSIAN, ARABIC = "More trucks will pass.", "Пройдёт больше грузовиков.", "ستعبر شاحنات أكثر."


def bundled():
    return open_register(bundled_study().path / "register.yaml")


def glossed(**fields):
    """A register whose clause is told in English, Russian and Arabic and is not quoted."""
    told = {"quote": None, "gloss": GLOSS, "glosses": {"ru": RUSSIAN, "ar": ARABIC}} | fields
    return register(trucks(Target("at_least", value=1.0), **told))


def with_glosses(found, **glosses):
    return dataclasses.replace(found, clauses=(dataclasses.replace(found.clauses[0], glosses=glosses),))


# In the file


def test_glosses_are_written_and_read_back_in_one_order():
    found = glossed()
    assert read_register(found.text()) == found
    assert '    glosses:\n      ar: "' in found.text()
    turned = with_glosses(found, ar=ARABIC, ru=RUSSIAN)
    assert (turned, turned.text()) == (found, found.text())


@pytest.mark.parametrize("empty", ["null", "{}", None])
def test_a_register_without_glosses_is_written_as_before(empty):
    plain = glossed(glosses={})
    text = plain.text()
    assert "glosses" not in text
    given = text if empty is None else text.replace("    strength:", f"    glosses: {empty}\n    strength:")
    assert read_register(given) == plain
    assert read_register(given).text() == text


def test_the_bundled_register_without_its_translations_is_the_file_of_before():
    text = bundled().text()
    old = re.sub(r"    glosses:\n(?:      .*\n)+", "", text)
    bare = [dataclasses.replace(clause, glosses={}) for clause in bundled().clauses]
    assert old == dataclasses.replace(bundled(), clauses=tuple(bare)).text() == read_register(old).text()
    assert len(text) > len(old)


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("{kg: Text}", ("column glosses.kg", "unknown language", "en, ru, zh, ky, ar")),
        ("{ru: ''}", ("column glosses.ru", "empty")),
        ("{ru: '  '}", ("column glosses.ru", "empty")),
        ("{ru: null}", ("column glosses.ru", "wrong type", "text")),
        ("{ru: 5}", ("column glosses.ru", "wrong type", "text")),
        ("{ru: [Text]}", ("column glosses.ru", "wrong type", "text")),
        ("Text", ("column glosses", "not a mapping")),
        ("[Text]", ("column glosses", "not a mapping")),
    ],
)
def test_glosses_that_cannot_be_used_are_refused(written, parts):
    text = glossed(glosses={}).text().replace("    strength:", f"    glosses: {written}\n    strength:")
    with pytest.raises(InputError) as refused:
        read_register(text)
    assert len(refused.value.problems) == 1
    assert all(part in str(refused.value) for part in (*parts, "clause C1"))


def test_translations_alone_are_no_gloss():
    (problem,) = check_register(glossed(gloss=None))
    assert "neither a quotation nor a gloss" in str(problem)


def test_a_language_model_may_translate_its_gloss():
    class Model:
        name = "model"

        def clauses(self, text, language):
            quote = text.split("\n", 1)[0]
            return [
                {"quote": quote, "gloss": GLOSS, "glosses": {"ru": RUSSIAN}},
                {"quote": quote[:20], "glosses": {"xx": "?"}},
            ]

    found = read_with_model(Model(), TEXT, sha256=HASH, language="en")
    assert [clause.glosses for clause in found.register.clauses] == [{"ru": RUSSIAN}]
    assert "unknown language" in str(found.rejected[0])


# For the reader


def test_the_words_are_those_of_the_reader_where_the_register_has_any():
    quoted = glossed(quote=entry().quote)
    for found, language, expected in (
        (quoted, "en", ClauseWording(entry().quote, "en")),
        (quoted, "ru", ClauseWording(RUSSIAN, "ru")),
        (quoted, "fr", ClauseWording(GLOSS, "en")),
        (glossed(), "ar", ClauseWording(ARABIC, "ar")),
        (glossed(), "en", ClauseWording(GLOSS, "en")),
        (glossed(quote=entry().quote, gloss=None), "fr", ClauseWording(entry().quote, "en")),
    ):
        assert wording_of(found.clauses[0], found, language) == expected
    quotation = ClauseWording(entry().quote, "en")
    assert evidence_of(quoted.clauses[0], quoted, "ar") == (quotation, ClauseWording(ARABIC, "ar"))
    assert evidence_of(quoted.clauses[0], quoted, "en") == (quotation, None)
    assert evidence_of(quoted.clauses[0], quoted, "fr") == (quotation, None)
    assert evidence_of(glossed().clauses[0], glossed(), "ru") == (ClauseWording(RUSSIAN, "ru"), None)


def test_every_clause_of_the_bundled_register_is_told_in_the_languages_of_its_region():
    scripts = {"ar": "[\u0600-\u06ff]", "ky": "[\u0400-\u04ff]", "ru": "[\u0400-\u04ff]", "zh": "[\u4e00-\u9fff]"}
    for clause in bundled().clauses:
        assert tuple(clause.glosses) == TRANSLATED
        assert len(set(clause.glosses.values())) == len(TRANSLATED)
        for language, text in clause.glosses.items():
            letters = [sign for sign in text if sign.isalpha()]
            assert all(re.match(scripts[language], sign) for sign in letters), (clause.id, language)


@pytest.mark.parametrize("language", ["ar", "fr", "ky", "ru", "zh"])
def test_a_report_tells_the_bundled_clauses_in_its_language(tmp_path, language):
    results, found = rich_results(), bundled()
    path = tmp_path / "report.html"
    ll.report(results, path, language=language, scoreboard=score_results(found, results))
    page = html.unescape(path.read_text("utf-8"))
    section = page[page.index('<section id="statement"') :].split("</section>")[0]
    shown = [clause.id for clause in found.clauses if clause.gloss in page]
    translated = language in TRANSLATED
    assert shown == ([] if translated else [clause.id for clause in found.clauses])
    assert translated == all(clause.glosses.get(language, "no translation") in section for clause in found.clauses)
    assert (Words(language)("statement.untranslated") in section) != translated
    # Paper has a table of its own, in which some clauses stand again.
    marked = section.count('lang="en" dir="ltr"')
    assert marked == 0 if translated else marked >= len(found.clauses)


def test_a_workbook_tells_a_clause_in_its_language_and_keeps_the_quotation(tmp_path):
    def texts(path, sheet):
        rows = openpyxl.load_workbook(path)[Words("ru")(f"export.{sheet}")].iter_rows(values_only=True)
        head, *body = rows
        return [row[head.index(Words("ru")("export.text"))] for row in body]

    quoted = glossed(quote=entry().quote)
    assert texts(export_register(glossed(), tmp_path / "a.xlsx", language="ru"), "clauses") == [RUSSIAN]
    both = f"{RUSSIAN}\n{entry().quote}"
    assert texts(export_register(quoted, tmp_path / "b.xlsx", language="ru"), "clauses") == [both]
    board = score_results(glossed(), rich_results())
    assert set(texts(export_scoreboard(board, tmp_path / "c.xlsx", language="ru"), "results")) == {RUSSIAN}


def test_pages_of_statements_show_the_quotation_with_the_gloss_of_the_reader(tmp_path):
    quoted = glossed(quote=entry().quote)
    for found, count in ((glossed(), 0), (quoted, 1)):
        pages = (
            comparison_page(compare(found, found), tmp_path / "c.html", language="ar", force=True),
            track_page(track({"one": found}), tmp_path / "t.html", language="ar", force=True),
        )
        for path in pages:
            text = path.read_text("utf-8")
            assert ARABIC in text
            assert GLOSS not in text
            assert ("trucks a day" in text) == bool(count)
            assert (f'<p class="soft" lang="ar" dir="rtl">{ARABIC}</p>' in text) == bool(count)
            assert (f'<blockquote lang="ar" dir="rtl">{ARABIC}</blockquote>' in text) != bool(count)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_review_page_has_words_for_translations(language):
    assert Words(language)("review.glosses")
    assert (Words(language)("review.glosses") == Words("en")("review.glosses")) == (language == "en")


# In merging


def test_translations_of_several_reviewers_are_gathered():
    draft = glossed(glosses={"ru": RUSSIAN}, status="draft", accepted_by=None)
    accepted = dataclasses.replace(
        draft, clauses=(dataclasses.replace(draft.clauses[0], status="accepted", accepted_by=WHO),)
    )
    one, other = with_glosses(accepted, ru=RUSSIAN, zh="一"), with_glosses(draft, ru=RUSSIAN, ar=ARABIC)
    merged = merge_registers({"one": one, "other": other}, base=draft).clauses[0]
    assert (merged.glosses, merged.disagreements, merged.status) == (
        {"ar": ARABIC, "ru": RUSSIAN, "zh": "一"}, (), "accepted"
    )  # fmt: skip
    assert merge_registers({"one": one, "other": other}).clauses[0].glosses == merged.glosses
    removed = merge_registers({"one": draft, "other": with_glosses(draft)}, base=draft).clauses[0]
    assert (removed.glosses, removed.disagreements) == ({}, ())


def test_two_translations_into_one_language_are_a_disagreement_that_loses_neither():
    draft = glossed(glosses={}, status="draft", accepted_by=None)
    one, other = with_glosses(draft, ru=RUSSIAN, zh="一"), with_glosses(draft, ru="Иначе.", ar=ARABIC)
    merged = merge_registers({"one": one, "other": other}, base=draft)
    clause = merged.clauses[0]
    assert [(opinion.field, opinion.by, opinion.value) for opinion in clause.disagreements] == [
        ("glosses", "one", {"ar": ARABIC, "ru": RUSSIAN, "zh": "一"}),
        ("glosses", "other", {"ar": ARABIC, "ru": "Иначе.", "zh": "一"}),
    ]
    assert clause.glosses == {}
    assert read_register(merged.text()) == merged


# In the browser


def drafted(**fields):
    return glossed(status="draft", accepted_by=None, **fields)


@pytest.mark.browser
def test_a_review_keeps_translations_and_changes_the_one_that_is_edited(opened, tmp_path):
    shown = opened(drafted(), language="ar")
    assert saved(shown, tmp_path) == drafted()
    assert shown.locator("p.gloss[lang=ar]").inner_text() == ARABIC
    shown.locator("#c-C1 h3").click()
    russian = shown.locator("[data-field=glosses-ru]")
    russian.fill("Иначе.")
    russian.blur()
    found = saved(shown, tmp_path).clauses[0]
    assert (found.glosses, found.gloss, found.rules) == ({"ar": ARABIC, "ru": "Иначе."}, GLOSS, {})
    assert [(item.field, item.value) for item in found.decisions] == [("glosses", f"ar: {ARABIC}; ru: Иначе.")]
    for code in ("ru", "ar"):
        shown.locator(f"[data-field=glosses-{code}]").fill("")
        shown.locator(f"[data-field=glosses-{code}]").blur()
    assert saved(shown, tmp_path).clauses[0].glosses == {}
    assert shown.locator("p.gloss").inner_text() == GLOSS


@pytest.mark.browser
def test_clauses_merged_on_the_page_keep_the_translations_of_both(opened, tmp_path):
    first = drafted().clauses[0]
    second = entry("C2", words="The weather was fine", quote=None, gloss="Fine.", glosses={"zh": "好"}, status="draft")
    shown = opened(register(first, dataclasses.replace(second, accepted_by=None)))
    shown.locator("#c-C1 h3").click()
    shown.click("[data-do=merge]")
    shown.wait_for_selector("#c-C2", state="detached")
    assert saved(shown, tmp_path).clauses[0].glosses == {"ar": ARABIC, "ru": RUSSIAN, "zh": "好"}


@pytest.mark.browser
def test_reviewers_who_differ_on_a_translation_are_shown_and_settled(opened, tmp_path):
    draft = drafted(glosses={})
    copies = {"a": with_glosses(draft, ru=RUSSIAN), "b": with_glosses(draft, ru="Иначе.", ar=ARABIC)}
    shown = opened(merge_registers(copies, base=draft))
    shown.locator("#c-C1 h3").click()
    shown.locator("[data-settle=glosses]", has_text="Иначе.").click()
    shown.wait_for_selector(".disputes", state="detached")
    assert saved(shown, tmp_path).clauses[0].glosses == {"ar": ARABIC, "ru": "Иначе."}
