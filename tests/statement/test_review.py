"""The review page: whole without scripts, quiet, operable by keyboard, and what it saves reads back."""

from __future__ import annotations

import shutil
from html.parser import HTMLParser

import pytest

import landlink as ll
from landlink.cli import main
from landlink.report.review import review
from landlink.report.words import LANGUAGES, Words
from landlink.statement.register import Register, open_register
from landlink.statement.register_draft import draft_register
from landlink.statement.register_records import Source
from landlink.statement.register_schema import FLAGS, STATUSES
from landlink.statement.score import score_results
from tests.support.report_fixture import rich_page, rich_results
from tests.support.statement_fixture import HASH, TEXT, Target, entry, reading, register, trucks

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HOSTILE = "</script><script>alert(1)</script><b>&\"'"


class Spy(HTMLParser):
    """Elements and the addresses they load."""

    def __init__(self):
        super().__init__()
        self.tags, self.loaded, self.ids, self.labelled = [], [], [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        self.ids += [given["id"]] if "id" in given else []
        self.loaded += [
            given[name] for name in ("src", "href") if name in given and not given[name].startswith(("#", "data:"))
        ]


def page(tmp_path, found: Register | None = None, **options) -> str:
    path = review(found or draft_register(reading()), TEXT, tmp_path / "review.html", sha256=HASH, **options)
    return path.read_text("utf-8")


def test_page_holds_text_and_clauses_and_loads_nothing(tmp_path):
    text = page(tmp_path)
    spy = Spy()
    spy.feed(text)
    assert spy.loaded == []
    assert len(spy.ids) == len(set(spy.ids))
    cards = [given for tag, given in spy.tags if tag == "article"]
    assert [card["data-id"] for card in cards] == ["C01", "C02", "C03"]
    marks = [given["data-ids"] for tag, given in spy.tags if tag == "mark"]
    assert marks == ["C01", "C02", "C03"]
    assert "Review needed" in text
    assert text.count("The weather was fine.") >= 2


def test_a_text_from_right_to_left_is_laid_out_so(tmp_path):
    source = Source("ar", HASH, len(TEXT))
    text = page(tmp_path, Register(source, (entry(),), ("AAA", "BBB")))
    assert '<div class="text" lang="ar" dir="rtl">' in text
    assert '<html lang="en" dir="ltr">' in text
    assert '<html lang="ar" dir="rtl">' in page(tmp_path, language="ar")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_words(tmp_path, language):
    text = page(tmp_path, language=language)
    assert "review." not in text.split("<script")[0]
    assert "review." not in "".join(Words(language).group("review").values())
    assert (language == "en") == ("Review needed" in text)


def test_every_flag_and_status_has_words():
    words = Words("en")
    assert all(words.get(f"review.f_{flag}", "") for flag in FLAGS)
    assert all(words.get(f"review.st_{status}", "") for status in STATUSES)


def test_overlapping_clauses_share_their_stretch(tmp_path):
    inner = entry("C2", words="120 trucks")
    text = page(tmp_path, register(entry("C1"), inner))
    assert 'data-ids="C1 C2"' in text


def test_markup_in_a_register_stays_text(tmp_path):
    text = page(tmp_path, register(entry(gloss=HOSTILE, note=HOSTILE)))
    assert "<script>alert(1)" not in text
    spy = Spy()
    spy.feed(text)
    assert [tag for tag, _ in spy.tags].count("script") == 2


def test_a_register_of_another_text_is_rejected(tmp_path):
    with pytest.raises(ll.InputError, match="its hash differs"):
        review(draft_register(reading()), TEXT, tmp_path / "review.html", sha256="0" * 64)
    assert not (tmp_path / "review.html").exists()


# The scoreboard in a report


def test_a_report_has_the_scoreboard_after_the_answer(tmp_path):
    results = rich_results()
    found = register(trucks(Target("at_least", value=1.0), gloss=HOSTILE), entry("C2", status="draft"))
    for language in ("en", "ar"):
        path = tmp_path / f"{language}.html"
        ll.report(results, path, language=language, scoreboard=score_results(found, results))
        text = path.read_text("utf-8")
        sections = [given["id"] for tag, given in _tags(text) if tag == "section"]
        assert sections[0] == "answer"
        assert "statement" in sections[1:]
        assert "<script>alert(1)" not in text
    assert "testable with these results: 1; of these, met in the last: 1" in (tmp_path / "en.html").read_text("utf-8")


def test_a_report_without_a_register_has_no_scoreboard():
    assert 'id="statement"' not in rich_page().read_text("utf-8")


def _tags(text):
    spy = Spy()
    spy.feed(text)
    return spy.tags


# In a browser


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need the package playwright")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def opened(browser, tmp_path):
    def open_page(width=1280, language="en", found=None):
        path = tmp_path / f"{language}.html"
        review(found or draft_register(reading()), TEXT, path, sha256=HASH, language=language)
        shown = browser.new_page(viewport={"width": width, "height": 800})
        shown.heard, shown.asked = [], []
        shown.on("console", lambda message: shown.heard.append(message.text))
        shown.on("pageerror", lambda error: shown.heard.append(str(error)))
        shown.on("request", lambda request: shown.asked.append(request.url))
        shown.goto(path.as_uri())
        assert shown.heard == []
        assert shown.asked == [path.as_uri()]
        return shown

    return open_page


def saved(shown, tmp_path):
    with shown.expect_download() as waiting:
        shown.keyboard.press("s")
    path = tmp_path / "saved.yaml"
    waiting.value.save_as(path)
    return open_register(path)


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_page_never_scrolls_sideways(opened, width, language):
    assert opened(width, language).evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_saving_at_once_gives_the_same_register(opened, tmp_path):
    assert saved(opened(), tmp_path).text() == draft_register(reading()).text()


@pytest.mark.browser
def test_a_register_is_reviewed_by_keyboard(opened, tmp_path):
    shown = opened()
    shown.select_option("#order", "text")
    shown.locator("body").click(position={"x": 1, "y": 1})
    shown.keyboard.press("j")
    shown.keyboard.press("a")
    assert shown.evaluate("document.activeElement.id") == "name", "nothing is accepted by nobody"
    shown.keyboard.type("A. Reviewer")
    shown.locator("#c-C01").focus()
    shown.keyboard.press("A")
    shown.keyboard.press("j")
    shown.keyboard.press("r")
    shown.keyboard.press("j")
    shown.keyboard.press("e")
    shown.keyboard.type("country.transit_tonnes_per_year[AAA]")
    shown.keyboard.press("Tab")
    shown.locator("#c-C03").focus()
    shown.keyboard.press("a")
    one, two, three = saved(shown, tmp_path).clauses
    assert (one.counts, one.accepted_value("indicator")) == (True, "crossing.trucks_per_day[GATE]")
    assert (two.status, two.accepted_by) == ("rejected", None)
    assert (three.counts, three.accepted_value("indicator")) == (True, "country.transit_tonnes_per_year[AAA]")
    assert three.accepted_value("projects") == (), "a suggestion is not accepted with its clause"
    assert shown.heard == []


@pytest.mark.browser
def test_filters_and_marks_choose_clauses(opened):
    shown = opened()
    shown.select_option("#by-strength", "hard")
    assert shown.locator("article:visible").count() == 2
    shown.select_option("#by-flag", "anaphora")
    assert shown.locator("article:visible").count() == 1
    shown.select_option("#by-flag", "")
    shown.select_option("#by-topic", "road")
    assert shown.locator("#count").inner_text() == "1 / 3"
    shown.click("mark >> nth=0")
    assert shown.locator(".card.current").get_attribute("data-id") == "C01"


@pytest.mark.browser
def test_single_keys_can_be_switched_off(opened):
    shown = opened()
    shown.uncheck("#keys-on")
    shown.keyboard.press("j")
    assert shown.locator(".card.current").count() == 0


@pytest.mark.browser
def test_everything_to_operate_has_a_name(opened):
    shown = opened()
    shown.keyboard.press("j")
    nameless = shown.evaluate(
        "Array.from(document.querySelectorAll('button, input, select, textarea'))"
        ".filter(e => !(e.labels && e.labels.length) && !e.getAttribute('aria-label') && !e.textContent.trim()).length"
    )
    assert nameless == 0


def test_the_command_says_that_no_study_was_given(tmp_path, capsys):
    (tmp_path / "text.txt").write_text("Both sides will build a road.\n", encoding="utf-8")
    text, draft = str(tmp_path / "text.txt"), str(tmp_path / "draft.yaml")
    assert main(["statement", "read", text, "-o", draft]) == 0
    page = ["statement", "review", draft, "--source", text, "-o", str(tmp_path / "page.html")]
    assert main(page) == 0
    assert "need --study STUDY" in capsys.readouterr().out
    assert main([*page, "--study", "china-kyrgyzstan"]) == 0
    assert "need --study STUDY" not in capsys.readouterr().out
