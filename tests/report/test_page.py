"""The report: structure, escaping, no outside reference, languages, and words that follow the numbers."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import string
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from landlink.core.errors import InputError
from landlink.report import LANGUAGES, report
from landlink.report.claims import busiest_changed_link
from landlink.report.sureness import trust
from landlink.report.times import pairs_of, trips
from landlink.report.validation import tally
from landlink.report.view import baseline_of, views_of
from landlink.report.words import Words
from tests.support.html_page import Page
from tests.support.report_fixture import SECTIONS, SENSITIVITY, bare_page, bare_results, rich_page, rich_results


def written(results, folder: Path, **options) -> str:
    return report(results, folder / "report.html", **options).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rich() -> str:
    return rich_page().read_text(encoding="utf-8")


def catalogue(language: str) -> dict[str, str]:
    def flat(branch, prefix=""):
        for key, value in branch.items():
            if isinstance(value, dict):
                yield from flat(value, f"{prefix}{key}.")
            else:
                yield prefix + key, value

    text = (files("landlink.report") / "messages" / f"{language}.toml").read_text(encoding="utf-8")
    return dict(flat(tomllib.loads(text)))


def places(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


# Structure


def test_sections_come_in_order(rich):
    ids = [attributes["id"] for tag, attributes in Page(rich).elements if tag == "section"]
    assert ids == SECTIONS


def test_page_is_well_formed_and_ids_are_unique(rich):
    page = Page(rich)
    ids = page.values("id")
    assert page.unmatched == []
    assert len(ids) == len(set(ids))


def test_references_inside_the_page_lead_somewhere(rich):
    page = Page(rich)
    ids = set(page.values("id"))
    wanted = {href[1:] for href in page.values("href") if href.startswith("#")}
    wanted |= {name for names in page.values("aria-labelledby") for name in names.split()}
    wanted |= set(re.findall(r"url\(#([^)]+)\)", rich))
    assert wanted
    assert wanted <= ids


def test_every_picture_is_described_or_hidden(rich):
    pictures = [attributes for tag, attributes in Page(rich).elements if tag == "svg"]
    told = [attributes for attributes in pictures if attributes.get("role") == "img"]
    assert told
    assert all("aria-labelledby" in attributes for attributes in told)
    assert all(attributes.get("aria-hidden") == "true" for attributes in pictures if attributes not in told)


def test_tables_have_captions_and_scopes(rich):
    tables = re.findall(r"<table.*?</table>", rich, flags=re.DOTALL)
    assert len(tables) > 10
    for text in tables:
        assert text.count("<caption>") == 1
        assert all("scope=" in head for head in re.findall(r"<th[ >][^>]*", text))


def test_maps_carry_attribution_and_disclaimer(rich):
    captions = re.findall(r"<figure class=\"map-figure\">.*?<figcaption>(.*?)</figcaption>", rich, flags=re.DOTALL)
    assert len(captions) > 3
    assert all("do not imply any opinion" in caption for caption in captions)


def test_a_disclaimer_is_told_in_every_language(tmp_path):
    result = bare_results()[0]
    shown = dataclasses.replace(
        result.provenance.presentation, disclaimer="No statement.", disclaimers={"fr": "Aucune déclaration."}
    )
    results = [dataclasses.replace(result, provenance=dataclasses.replace(result.provenance, presentation=shown))]
    assert "Aucune déclaration." in written(results, tmp_path, language="fr")
    arabic = written(results, tmp_path, language="ar")
    assert '<bdi lang="en">No statement.</bdi>' in arabic
    assert Words("ar")("map.disclaimer") in arabic


def test_arabic_names_have_the_digits_of_the_page():
    names = {"ar": "عام 2030: 1,200 شاحنة، 4.5 في E40", "en": "In 2030"}
    assert Words("ar").translated(names, "") == "عام ٢٠٣٠: ١٬٢٠٠ شاحنة، ٤٫٥ في E40"
    assert Words("ar").translated({"en": "In 2030"}, "In 2030") == "In 2030"
    assert Words("en").translated(names, "") == "In 2030"


def test_the_same_results_give_the_same_bytes(tmp_path):
    # Both are written here: results that another process solved took other seconds.
    first = report(bare_results(), tmp_path / "a.html").read_bytes()
    assert report(bare_results(), tmp_path / "b.html").read_bytes() == first


# Offline and safe


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_loaded_from_elsewhere(language):
    text = rich_page(language).read_text(encoding="utf-8")
    for tag, attributes in Page(text).elements:
        for name in ("src", "srcset", "data", "poster", "action", "xlink:href"):
            assert name not in attributes
        if tag != "a" and "href" in attributes:
            assert attributes["href"].startswith(("#", "data:,"))
    assert "@import" not in text
    assert set(re.findall(r"url\((.)", text)) <= {"#"}


def test_names_never_become_markup(rich):
    assert "<script>alert" not in rich
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;quotes&#34;" in rich
    scripts = [attributes.get("type") for tag, attributes in Page(rich).elements if tag == "script"]
    assert scripts == ["application/json", "application/json", None]
    data = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', rich, flags=re.DOTALL)
    assert all("<" not in text and json.loads(text) for text in data)


def test_only_web_addresses_become_links(rich):
    hrefs = [attributes["href"] for tag, attributes in Page(rich).elements if tag == "a"]
    assert "https://example.org/yearbook" in hrefs
    assert not any(href.startswith("javascript") for href in hrefs)


# Studies that lack things


def test_a_study_without_outlines_observations_and_sources_still_gives_a_report():
    page = Page(bare_page().read_text(encoding="utf-8"))
    text = " ".join(page.words)
    assert [attributes["id"] for tag, attributes in page.elements if tag == "section"] == SECTIONS
    assert "has no observations to compare with" in text
    assert "lists no sources" in text
    assert "No sensitivity analysis was computed" in text


@pytest.mark.parametrize(
    "missing", ["leg", "od", "crossing", "observed", "node", "indicator", "link", "zone", "source"]
)
def test_a_result_without_a_table_still_gives_a_report(tmp_path, missing):
    results = [
        dataclasses.replace(result, tables={name: table for name, table in result.tables.items() if name != missing})
        for result in rich_results()
    ]
    page = Page(written(results, tmp_path))
    assert page.unmatched == []
    assert "nan" not in re.findall(r"\bnan\b", " ".join(page.words))


def test_one_result_has_no_differences(tmp_path):
    page = Page(written(bare_results()[:1], tmp_path))
    ids = [attributes["id"] for tag, attributes in page.elements if tag == "section"]
    assert ids == [name for name in SECTIONS if name != "differences"]


def test_no_result_is_refused(tmp_path):
    with pytest.raises(InputError, match="at least one"):
        report([], tmp_path / "report.html")


def test_an_unknown_language_is_refused(tmp_path):
    with pytest.raises(InputError, match="xx"):
        report(bare_results(), tmp_path / "report.html", language="xx")
    assert not (tmp_path / "report.html").exists()


# What the words say


def test_a_scenario_is_compared_with_the_same_year_without_its_measures():
    views = views_of(bare_results(), Words())
    assert baseline_of(views, 0) is None
    assert baseline_of(views, 1) is views[0]
    assert baseline_of(views, 2) is views[1]
    assert baseline_of(views, 3) is views[1]


def test_the_summary_turns_round_with_the_results(tmp_path):
    _, base, _, easy = bare_results()
    better = " ".join(Page(written([base, easy], tmp_path)).words)
    worse = " ".join(Page(written([easy, base], tmp_path)).words)
    assert re.search(r"Shippers gain .*% of what freight costs them", better)
    assert re.search(r"Shippers lose .*% of what freight costs them", worse)
    assert re.search(r"The generalised cost of freight as it is shipped falls by .*no measure of benefit", better)


def test_the_summary_counts_the_checks_that_count(rich):
    counts = tally(views_of(rich_results(), Words())[0])
    assert (counts.checked, counts.limits, counts.inputs, counts.no_tolerance, counts.not_compared) == (1, 1, 1, 1, 1)
    assert [counts.scores[role].rows for role in ("fit", "validation")] == [1, 1]
    assert f"{counts.within} of 1 are within tolerance" in rich
    assert "Over 1 observations that only validate, it is off by a factor of" in rich
    assert f"give only an upper or lower bound, {counts.kept} of 1 are satisfied" in rich


@pytest.mark.parametrize(
    ("within", "checked", "grade"), [(4, 4, "unknown"), (8, 10, "good"), (5, 10, "fair"), (4, 10, "weak")]
)
def test_trust_follows_the_share_of_checks_passed(within, checked, grade):
    assert trust(within, checked) == grade


def test_times_add_up_and_reach_the_page(rich):
    view = views_of(rich_results(), Words())[0]
    (pair,) = pairs_of([view])
    rows = trips(view, pair)
    parts = rows[["run_h", "stop_h", "terminal_h", "crossing_h", "access_h"]].sum(axis=1)
    assert list(rows.index) == ["road", "rail"]
    assert parts.to_numpy() == pytest.approx(rows.time_h.to_numpy())
    assert all(Words().number(value, decimals=1) in rich for value in rows.time_h)


def test_claims_are_held_against_the_model(rich):
    views = views_of(rich_results(), Words())
    name, tonnes = busiest_changed_link(views[2])
    assert tonnes == pytest.approx(views[2].links.tonnes_per_year["B1"])
    assert name.endswith("Gate")
    before, after = (one.tables["od"] for one in (views[1].result, views[3].result))
    means = [
        (rows.time_h * rows.tonnes_per_year).sum() / rows.tonnes_per_year.sum()
        for rows in (od[(od.origin_zone_id == "Z1") & (od.alternative == "road")] for od in (before, after))
    ]
    claims = rich[rich.index('<div class="claims"') :]
    claims = claims[: claims.index("</table>")]
    assert means[0] - means[1] > 1
    assert f">{Words().number(means[0] - means[1])}\u00a0h</td>" in claims
    assert ">0\u00a0h</td>" in claims  # the bypass, which is no easier check
    assert "no indicator for this claim" in claims  # that of the tonnes at full use


def test_a_claim_about_measures_scores_no_single_result(rich):
    found = rich_results()[0].tables["observed"].set_index("observed_id").loc["O5"]
    assert (found.verdict, found.ratio != found.ratio) == ("not comparable", True)


def test_the_widest_swing_comes_first(rich):
    section = rich[rich.index('<section id="inputs"') : rich.index('<section id="sources"')]
    assert section.index("&lt;script&gt;") < section.index("Truck cost")
    assert "400\u00a0thousand\u00a0t/year to 2.00\u00a0Mt/year" in section


def test_inputs_are_named_in_the_language(tmp_path):
    text = written(bare_results(), tmp_path, language="ru", sensitivity=SENSITIVITY)
    assert "Цена грузовика" in text
    assert "Truck cost" not in text


def presented(result, **changes):
    """A result that is presented otherwise."""
    presentation = dataclasses.replace(result.provenance.presentation, **changes)
    return dataclasses.replace(result, provenance=dataclasses.replace(result.provenance, presentation=presentation))


def test_results_are_named_in_the_language(tmp_path):
    first, second = (
        presented(result, label=label, labels={"ru": russian})
        for result, label, russian in zip(bare_results()[:2], ("Today", "Later"), ("Сегодня", "Позже"), strict=True)
    )
    text = " ".join(Page(written([first, second], tmp_path, language="ru")).words)
    assert "Сегодня" in text
    assert "Позже" in text
    assert "Today" not in text


def test_long_names_of_results_become_letters_with_a_key(tmp_path):
    results = [
        presented(result, label=f"{name} that takes up much room", labels={})
        for result, name in zip(bare_results()[:2], ("A first case", "A second case"), strict=True)
    ]
    text = written(results, tmp_path)
    assert "A: A first case that takes up much room; B: A second case that takes up much room</caption>" in text
    assert ">Change from A</th>" in text


def test_long_names_head_no_section_after_their_letters(tmp_path):
    page = report(bare_results(), tmp_path / "r.html").read_text(encoding="utf-8")
    long = [view.label for view in views_of(bare_results(), Words()) if view.letter]
    assert long
    headings = " ".join(re.findall(r"<h3[^>]*>(.*?)</h3>", page, re.DOTALL))
    assert not [name for name in long if html.escape(name) in headings]


# Languages


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_hold_the_same_messages_and_places(language):
    english, other = catalogue("en"), catalogue(language)
    assert other.keys() == english.keys()
    assert all(other.values())
    assert {key: places(text) for key, text in other.items()} == {key: places(text) for key, text in english.items()}


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_sentences_are_translated(language):
    english, other = catalogue("en"), catalogue(language)
    long = [key for key, text in english.items() if len(re.sub(r"{[^}]*}", "", text)) > 20]
    assert [key for key in long if other[key] == english[key]] == []


def test_every_message_in_use_exists():
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in Path("src/landlink/report").rglob("*")
        if path.suffix in (".py", ".j2")
    )
    used = set(re.findall(r"""words\(\s*["']([a-z_]+\.[a-z_]+)["']""", code))
    assert len(used) > 100
    assert used <= catalogue("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_say_their_language_and_direction(language):
    page = Page(bare_page(language).read_text(encoding="utf-8"))
    html = next(attributes for tag, attributes in page.elements if tag == "html")
    assert html == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}
    assert catalogue(language)["summary.heading"] in page.words


def test_arabic_lines_run_from_the_right():
    def ends(language):
        text = bare_page(language).read_text(encoding="utf-8")
        chart = text[text.index('<section id="times"') :]
        path = re.search(r'<path d="M([^"]+)" fill="none" stroke="[^"]+" stroke-width="2.4"', chart)
        points = path[1].split("L")
        return float(points[0].split()[0]), float(points[-1].split()[0])

    (begin, end), (mirrored, last) = ends("en"), ends("ar")
    assert begin < end
    assert mirrored > last
    assert end - begin == pytest.approx(mirrored - last)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "−1,234.5"),
        ("ru", "−1\u00a0234,5"),
        ("zh", "−1,234.5"),
        ("ky", "−1\u00a0234,5"),
        ("ar", "\u2066−١٬٢٣٤٫٥\u2069"),
        ("fr", "−1\u202f234,5"),
        ("es", "−1\u202f234,5"),
        ("pt", "−1\u202f234,5"),
    ],
)
def test_numbers_are_written_as_in_the_language(language, text):
    assert Words(language).number(-1234.5, decimals=1) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1.5e6, "t/year", "1.50 Mt/year"),
        (1500, "t/year", "1.50 thousand t/year"),
        (2.5e9, "tkm/year", "2.50 bn tkm/year"),
        (0, "t/year", "0 t/year"),
        (12.34, "h", "12.3 h"),
        (0.0123, "share", "0.012 share"),
        (float("nan"), "h", "– h"),
    ],
)
def test_quantities_take_the_unit_that_reads_best(value, unit, text):
    assert Words().quantity(value, unit).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("hours", "text"), [(0.25, "0.3 h"), (9.96, "10 h"), (47.9, "48 h"), (48, "2.0 days"), (-60, "−2.5 days")]
)
def test_times_are_told_in_hours_then_days(hours, text):
    assert Words().duration(hours).replace("\u00a0", " ") == text


def test_a_unit_with_a_full_stop_ends_its_sentence():
    words = Words("ky")
    sentence = words("summary.cost", cost=words.quantity(5, "million USD"))
    assert sentence.endswith("долл.")
    assert not sentence.endswith("..")


def test_right_to_left_labels_with_a_number_first_keep_their_direction():
    words = Words("ar")
    # A first-strong isolate would take the direction of a label from outside the nested isolate: left to right.
    assert words.isolated("\u0662\u0660\u0663\u0660: \u2068\u0633\u0643\u0629\u2069").startswith("\u2067")
    assert words.isolated("Osh").startswith("\u2068")
    # Two names in a row are one text; a name that is isolated already stays as it is.
    pair = f"{words.isolated('Osh')} \u2190 {words.isolated('Uzgen')}"
    assert words.isolated(pair) == f"\u2067{pair}\u2069"
    assert words.isolated(words.isolated(pair)) == words.isolated(pair)
    assert Words("ru").isolated("Osh") == "Osh"


def test_one_word_stands_for_measures_in_arabic():
    messages = files("landlink.report") / "messages/ar.toml"
    assert "تدابير" not in messages.read_text(encoding="utf-8")
