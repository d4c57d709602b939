"""Reviewing in Chromium: every field, split, merge and add, undo and redo, drafts, disagreements, hostile text."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

import landlink as ll
from landlink.report.review import review
from landlink.statement.register_check import check_register
from landlink.statement.register_draft import draft_register
from landlink.statement.register_merge import merge_registers
from landlink.statement.register_records import Baseline, Target
from tests.support.bundled import bundled_study
from tests.support.review_pages import browser, context, opened, saved, select_text
from tests.support.statement_fixture import HASH, TEXT, reading

__all__ = ["browser", "context", "opened"]

pytestmark = pytest.mark.browser
DRAFT = draft_register(reading())
HOSTILE = "</script><img src=x onerror=alert(1)><b>&\"'\u202e"


def set_field(shown, field, value):
    control = shown.locator(f".card.current [data-field={field}]")
    if control.evaluate("e => e.tagName") == "SELECT":
        control.select_option(value)
    else:
        control.fill(value)
        control.blur()


def problems(register):
    return check_register(register, text=TEXT, sha256=HASH)


def test_every_field_is_edited_and_every_decision_has_a_name_and_a_day(opened, tmp_path):
    shown = opened()
    shown.locator("#c-C01 h3").click()
    set_field(shown, "strength", "4")
    set_field(shown, "topics", "rail")
    shown.locator(".card.current button.chip").first.click()
    set_field(shown, "parties", "aaa, KGZ")
    set_field(shown, "measurable", "proxy")
    set_field(shown, "indicator", "total.tonnes_per_year")
    set_field(shown, "direction", "at_most")
    set_field(shown, "target", "1.5e6")
    set_field(shown, "unit", "t/year")
    set_field(shown, "baseline-kind", "scenario")
    set_field(shown, "baseline", "base-2023")
    set_field(shown, "baseline-year", "2023")
    set_field(shown, "deadline", "2031-06-30")
    set_field(shown, "note", "Read again in May.")
    shown.click("[data-do=accept]")
    found = saved(shown, tmp_path)
    entry = found.clauses[0]
    assert problems(found) == []
    assert (entry.strength, entry.topics, entry.parties) == (4, ("road", "rail"), ("AAA", "KGZ"))
    assert found.parties == ("AAA", "BBB", "KGZ")
    assert entry.accepted_value("measurable") == "proxy"
    assert entry.accepted_value("indicator") == "total.tonnes_per_year"
    assert entry.accepted_value("target") == Target("at_most", 1.5e6, unit="t/year")
    assert entry.accepted_value("baseline") == Baseline(scenario="base-2023", year=2023)
    assert entry.accepted_value("deadline") == dt.date(2031, 6, 30)
    assert entry.note == "Read again in May."
    assert (entry.status, entry.accepted_by) == ("accepted", "Anna")
    assert {item.by for item in entry.decisions} == {"Anna"}
    now = dt.datetime.now().astimezone().date()
    assert {item.when for item in entry.decisions} <= {now, now - dt.timedelta(1)}
    assert {item.field for item in entry.decisions} == {
        "strength", "topics", "parties", "measurable", "indicator", "target", "baseline", "deadline", "note", "status",
    }  # fmt: skip
    assert "Anna" in shown.locator(".card.current .log").text_content()


def test_what_was_read_can_be_corrected(opened, tmp_path):
    shown = opened()
    shown.locator("#c-C01 h3").click()
    set_field(shown, "quantity-direction", "increase_by")
    set_field(shown, "quantity-unit", "trucks")
    set_field(shown, "quantity-per", "week")
    set_field(shown, "quantity-baseline", "80")
    set_field(shown, "places", "GATE, Old Town")
    set_field(shown, "due_after", "p3y")
    set_field(shown, "due_after", "three years")
    assert "Not a duration" in shown.locator("#message").inner_text()
    set_field(shown, "quantity", "2030")
    found = saved(shown, tmp_path)
    assert problems(found) == []
    entry = found.clauses[0]
    number = entry.quantity
    assert (number.value, number.unit, number.per, number.direction, number.baseline) == (
        2030.0, "trucks", "week", "increase_by", 80.0,
    )  # fmt: skip
    assert TEXT[number.start : number.end] == "2030"
    assert (entry.places, entry.due_after) == (("GATE", "Old Town"), "P3Y")
    set_field(shown, "quantity", "")
    assert saved(shown, tmp_path).clauses[0].quantity is None


def test_a_number_without_a_direction_is_no_target(opened, tmp_path):
    shown = opened()
    shown.locator("#c-C02 h3").click()
    set_field(shown, "target", "7")
    assert "direction" in shown.locator("#message").inner_text()
    assert saved(shown, tmp_path) == DRAFT


def test_nothing_is_decided_by_nobody(opened, tmp_path):
    shown = opened(who="")
    shown.locator("#c-C01 h3").click()
    set_field(shown, "strength", "4")
    assert shown.evaluate("document.activeElement.id") == "name"
    assert saved(shown, tmp_path) == DRAFT


def test_an_indicator_is_searched_by_words_and_shown_with_its_unit(opened, tmp_path):
    shown = opened()
    shown.locator("#c-C01 h3").click()
    field = shown.locator("[data-field=indicator]")
    field.fill("transit country")
    options = shown.locator("[role=option]")
    found = [text.split() for text in options.all_inner_texts()]
    assert ["country.transit_tonnes_per_year[country[,family]]", "t/year"] in found
    field.press("ArrowDown")
    field.press("Enter")
    assert field.input_value() == found[0][0]
    field.fill("nothing like this")
    assert options.count() == 0
    field.press("Escape")
    assert not shown.locator("[role=listbox]").is_visible()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("waiting irkeshtam", "crossing.time_h[IRKE,road,ab]"),
        ("Иркештам queue", "crossing.queue_vehicles[IRKE,road,ab]"),
        ("crossing.time_h", "crossing.time_h["),
        ("hours torugart", "crossing.time_h[TORU,road,ab]"),
        ("Torugart", "crossing.trucks_per_day[TORU]"),
        ("lorries torugart", "crossing.trucks_per_day[TORU]"),
    ],
)
def test_an_indicator_is_found_by_places_and_plain_words_the_best_first(context, tmp_path, words, first):
    path = tmp_path / "r.html"
    review(DRAFT, TEXT, path, sha256=HASH, study=bundled_study())
    shown = context.new_page()
    shown.goto(path.as_uri())
    shown.locator("#c-C01 h3").click()
    shown.locator("[data-field=indicator]").fill(words)
    assert shown.locator("[role=option] code").first.inner_text().startswith(first)


def test_what_the_check_would_refuse_is_said_at_the_field(opened, tmp_path):
    shown = opened()
    shown.locator("#c-C01 h3").click()
    set_field(shown, "indicator", "nonsense.foo")
    assert "No such indicator: nonsense.foo" in shown.locator(".card.current .wrong").inner_text()
    set_field(shown, "indicator", "crossing.trucks_per_day")
    assert "crossing.trucks_per_day[crossing" in shown.locator(".card.current .wrong").inner_text()
    set_field(shown, "indicator", "crossing.trucks_per_day[GATE]")
    set_field(shown, "direction", "at_least")
    set_field(shown, "target", "120")
    for unit, wrong in (
        ("lorries/day", True),
        ("t/year", True),
        ("trucks/day", False),
        ("thousand vehicles/day", True),
    ):
        set_field(shown, "unit", unit)
        shown.wait_for_function(
            "([unit, wrong]) => document.querySelector('.card.current [data-field=unit]').value === unit"
            " && Boolean(document.querySelector('.card.current .wrong')) === wrong",
            arg=[unit, wrong],
        )
        assert bool(problems(saved(shown, tmp_path))) == wrong


def test_a_clause_is_split_at_the_selection(opened, tmp_path):
    shown = opened()
    shown.locator("#c-C01 h3").click()
    select_text(shown, "to 120 trucks")
    shown.click("[data-do=split]")
    shown.wait_for_selector("#c-C01b")
    found = saved(shown, tmp_path)
    assert problems(found) == []
    first, second = found.clauses[:2]
    assert (first.quote, second.quote) == ("raise traffic at the Gate", "to 120 trucks a day by 2030")
    assert (first.quantity, first.deadline, "target" in first.suggested) == (None, None, False)
    assert (second.quantity.value, second.deadline, second.strength) == (120, dt.date(2030, 12, 31), 3)
    assert shown.locator("#source mark").count() == 4


def test_a_clause_is_split_by_keyboard(opened, tmp_path):
    shown = opened()
    shown.locator("#c-C01").focus()
    shown.keyboard.press("x")
    shown.keyboard.type("not typed")
    for _ in range(len("raise traffic at the Gate ")):
        shown.keyboard.press("ArrowRight")
    shown.click("[data-do=split-here]")
    shown.wait_for_selector("#c-C01b")
    found = saved(shown, tmp_path)
    assert problems(found) == []
    assert [entry.quote for entry in found.clauses[:2]] == ["raise traffic at the Gate", "to 120 trucks a day by 2030"]


def test_neighbours_are_merged_undone_and_redone(opened, tmp_path):
    shown = opened()
    shown.locator("#c-C01 h3").click()
    shown.click("[data-do=merge]")
    shown.wait_for_selector("#c-C02", state="detached")
    shown.click("#undo")
    shown.wait_for_selector("#c-C02")
    assert saved(shown, tmp_path) == DRAFT
    shown.locator("#c-C01").focus()
    shown.keyboard.press("U")
    shown.wait_for_selector("#c-C02", state="detached")
    found = saved(shown, tmp_path)
    assert problems(found) == []
    whole = found.clauses[0]
    assert (whole.start, whole.end) == (DRAFT.clauses[0].start, DRAFT.clauses[1].end)
    assert whole.topics == ("border_crossing", "road", "politics")
    assert (whole.strength, whole.quantity.value, whole.status) == (3, 120, "draft")


def test_a_clause_is_added_from_a_selection_and_from_a_sentence(opened, tmp_path):
    shown = opened()
    shown.click("#add")
    assert "Select" in shown.locator("#message").inner_text()
    select_text(shown, "governments will raise")
    shown.click("#add")
    shown.wait_for_selector("#c-C04")
    shown.locator(".misses summary").click() if not shown.locator(".misses[open]").count() else None
    shown.click("[data-do=add-sentence]")
    shown.wait_for_selector("#c-C05")
    found = saved(shown, tmp_path)
    assert problems(found) == []
    quotes = {entry.id: entry.quote for entry in found.clauses}
    assert (quotes["C04"], quotes["C05"]) == ("governments will raise", "The weather was fine.")
    assert found.unclassified == ()
    assert [entry.start for entry in found.clauses] == sorted(entry.start for entry in found.clauses)


def test_signs_outside_the_basic_plane_count_as_one(opened, tmp_path):
    text = "\U0001f6a2\U0001f682 Both sides will build a \U0001f6e3 road and open a gate."
    found = ll.statement.read(text)
    shown = opened(draft_register(found), text=found.text, sha256=found.sha256)
    select_text(shown, "road and open")
    shown.click("#add")
    shown.wait_for_selector(".card.current")
    register = saved(shown, tmp_path)
    assert check_register(register, text=found.text, sha256=found.sha256) == []
    assert "road and open" in {entry.quote for entry in register.clauses}


def test_work_is_found_again_after_a_reload_and_can_be_discarded(opened, tmp_path):
    shown = opened()
    shown.locator("#c-C01 h3").click()
    shown.click("[data-do=reject]")
    shown.wait_for_selector("#c-C01.is-rejected")
    shown.reload()
    assert shown.locator("#draft").is_visible()
    assert shown.locator("#c-C01.is-rejected").count() == 1
    assert shown.locator("#name").input_value() == "Anna"
    shown.click("#discard")
    shown.wait_for_selector("#c-C01.is-draft")
    assert not shown.locator("#draft").is_visible()
    shown.reload()
    assert not shown.locator("#draft").is_visible()
    assert saved(shown, tmp_path) == DRAFT


def test_work_on_another_version_is_offered_and_not_forced(opened):
    shown = opened()
    shown.locator("#c-C01 h3").click()
    shown.click("[data-do=reject]")
    shown.wait_for_selector("#c-C01.is-rejected")
    titled = dataclasses.replace(DRAFT, source=dataclasses.replace(DRAFT.source, title="Another copy"))
    other = opened(titled)
    assert other.locator("#c-C01.is-draft").count() == 1
    other.click("#recover")
    other.wait_for_selector("#c-C01.is-rejected")


def test_a_disagreement_is_shown_blocks_acceptance_and_is_settled(opened, tmp_path):
    def copy(who, **fields):
        first = dataclasses.replace(DRAFT.clauses[0], status="accepted", accepted_by=who, **fields)
        return dataclasses.replace(DRAFT, clauses=(first, *DRAFT.clauses[1:]))

    shown = opened(merge_registers({"a": copy("Anna", strength=4), "b": copy("Boris")}, base=DRAFT), who="Chen")
    assert "Reviewers disagree" in shown.locator(".tier summary").first.inner_text()
    shown.keyboard.press("j")
    told = shown.locator(".disputes").inner_text()
    assert all(words in told for words in ("4 pledged", "Anna", "3 will", "Boris"))
    shown.click("[data-do=accept]")
    assert "Settle" in shown.locator("#message").inner_text()
    shown.locator("[data-settle=strength]", has_text="Anna").click()
    shown.wait_for_selector(".disputes", state="detached")
    shown.click("[data-do=accept]")
    shown.wait_for_selector("#c-C01.is-accepted")
    found = saved(shown, tmp_path)
    assert problems(found) == []
    entry = found.clauses[0]
    assert (entry.strength, entry.disagreements, entry.accepted_by) == (4, (), "Chen")
    assert [item.by for item in entry.decisions if item.field == "status"] == ["Anna", "Boris", "Chen"]


def test_words_of_a_removed_clause_are_listed_among_the_sentences_without_one(opened, tmp_path):
    whole = DRAFT.clauses[0]
    part = dataclasses.replace(
        whole,
        end=whole.start + 25,
        quote=TEXT[whole.start : whole.start + 25],
        quantity=None,
        deadline=None,
        suggested={},
    )
    one = dataclasses.replace(DRAFT, clauses=(dataclasses.replace(part, status="rejected"), *DRAFT.clauses[1:]))
    accepted = dataclasses.replace(whole, status="accepted", accepted_by="Boris")
    other = dataclasses.replace(DRAFT, clauses=(accepted, *DRAFT.clauses[1:]))
    shown = opened(merge_registers({"a": one, "b": other}, base=DRAFT), who="Chen")
    for clause, answer in (("C01", "no such"), ("C01-2", "is such")):
        shown.locator(f"#c-{clause} h3").click()
        shown.locator(".card.current [data-settle=clause]", has_text=answer).click()
    found = saved(shown, tmp_path)
    assert problems(found) == []
    assert [entry.end for entry in found.clauses if entry.start == whole.start] == [part.end]
    assert any(item.quote == TEXT[part.end : whole.end].strip() for item in found.unclassified)


def long_draft(count=390):
    text = "".join(
        f"Both sides will open gate {number} to {100 + number} trucks a day by 2030.\n" if number % 10 == 0 else
        f"They stressed the weight of matter {number}.\n" for number in range(count)
    )  # fmt: skip
    found = ll.statement.read(text)
    return draft_register(found), found


def test_a_long_text_opens_with_what_is_firm_and_measurable(opened):
    draft, found = long_draft()
    assert len(draft.clauses) >= 390
    shown = opened(draft, text=found.text, sha256=found.sha256)
    firm = sum(entry.hard for entry in draft.clauses)
    assert shown.locator("article:visible").count() == firm
    assert shown.locator(".tier").count() == 2
    assert str(len(draft.clauses) - firm) in shown.locator(".tier summary").last.inner_text()
    assert shown.locator(".fields").count() == 0
    shown.fill("#search", "matter 111")
    assert shown.locator("article:visible").count() == 1
    shown.fill("#search", "")
    shown.select_option("#order", "text")
    assert shown.locator("article").first.get_attribute("data-id") == "C01"


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_an_open_card_fits_a_phone(opened, language):
    shown = opened(width=390, language=language)
    shown.locator("#c-C01 h3").click()
    assert shown.locator(".fields").is_visible()
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390


def test_hostile_text_stays_text_wherever_it_is_shown(opened, tmp_path):
    text = f"Both sides will build {HOSTILE} roads by 2030. The weather {HOSTILE} was fine."
    found = ll.statement.read(text)
    draft = draft_register(found, title=HOSTILE)
    entry = dataclasses.replace(
        draft.clauses[0], note=HOSTILE, gloss=HOSTILE, head=HOSTILE, rules={"strength": HOSTILE.replace("\n", " ")}
    )
    shown = opened(
        dataclasses.replace(draft, clauses=(entry, *draft.clauses[1:])),
        text=found.text,
        sha256=found.sha256,
        who=HOSTILE,
    )
    shown.locator(f"#c-{entry.id} h3").click()
    set_field(shown, "indicator", "total.tonnes_per_year")
    shown.click("[data-do=accept]")
    shown.wait_for_selector(".card.is-accepted")
    assert shown.locator("main img, main b:has-text('&')").count() == 0
    assert shown.heard == []
    register = saved(shown, tmp_path)
    assert register.clauses[0].accepted_by == HOSTILE
    assert check_register(register, text=found.text, sha256=found.sha256) == []
