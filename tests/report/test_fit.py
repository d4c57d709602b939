"""The fit page and the section on a calibration: figures, names, contradictions, languages, safety."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.core.errors import InputError, OutputError
from landlink.report import LANGUAGES, report
from landlink.report.fit_facts import Fit, fit_of
from landlink.report.fit_section import fit_sections, section
from landlink.report.words import Words
from landlink.results.calibration_tables import estimate_table, fit_table
from landlink.study import Study
from landlink.study.parameters import table_of
from tests.support.calibrated_study import calibrated
from tests.support.html_page import Page
from tests.support.report_fixture import bare_results
from tests.support.small_study import write_small_study


def page_of(study: Study, folder: Path, **options: str) -> str:
    return ll.fit_page(study, folder / "fit.html", **options).read_text(encoding="utf-8")


def facts(language: str = "en", **tables: pd.DataFrame) -> Fit:
    known = {**calibrated()[0].tables, **tables}
    found = fit_of({**known, "calibration": estimate_table(known), "fit": fit_table(known)}, Words(language))
    assert found is not None
    return found


def scored(**values: float) -> pd.DataFrame:
    """The table of scores with other values."""
    frame = calibrated()[0].tables["calibration_score"]
    merged = dict(zip(frame.quantity, frame.value, strict=True)) | values
    rows = [{"quantity": name, "value": value, "note": ""} for name, value in merged.items() if not math.isnan(value)]
    return table_of("calibration_score", rows)


def told(fit: Fit) -> str:
    return " ".join(f"{one.heading} {one.finding} {one.body}" for one in fit_sections(fit))


# The page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_loads_nothing(tmp_path: Path, language: str):
    text = page_of(calibrated()[0], tmp_path, language=language)
    page = Page(text)
    ids = page.values("id")
    assert page.unmatched == []
    assert len(ids) == len(set(ids))
    assert [name for name in ids if name.startswith("fit-")][::2] == [
        "fit-observations", "fit-parameters", "fit-demand", "fit-contradictions", "fit-sureness",
    ]  # fmt: skip
    for tag, attributes in page.elements:
        assert not {"src", "srcset", "data", "action"} & set(attributes)
        if "href" in attributes:
            assert attributes["href"].startswith(("#", "data:,")), tag
    assert "nan" not in re.findall(r"\bnan\b", " ".join(page.words))
    assert all(attributes.get("aria-hidden") == "true" for tag, attributes in page.elements if tag == "svg")


def test_names_never_become_markup(tmp_path: Path):
    text = page_of(calibrated()[0], tmp_path)
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4
    assert sum(tag == "script" and "type" not in told for tag, told in Page(text).elements) == 1


def test_the_same_calibration_gives_the_same_bytes(tmp_path: Path):
    assert page_of(calibrated()[0], tmp_path) == page_of(calibrated()[0], tmp_path)


def test_a_study_that_was_not_calibrated_has_no_page(tmp_path: Path):
    study = ll.open_study(write_small_study(tmp_path / "study"))
    with pytest.raises(InputError, match="not calibrated"):
        ll.fit_page(study, tmp_path / "fit.html")
    assert not (tmp_path / "fit.html").exists()


def test_a_file_of_somebody_else_is_kept(tmp_path: Path):
    (tmp_path / "fit.html").write_text("mine")
    with pytest.raises(OutputError, match="--force"):
        ll.fit_page(calibrated()[0], tmp_path / "fit.html")
    assert (tmp_path / "fit.html").read_text() == "mine"
    assert "<html" in page_of(calibrated()[0], tmp_path, force=True)  # type: ignore[arg-type]


# The section


def test_a_report_shows_the_calibration_of_its_first_result(tmp_path: Path):
    result = calibrated()[1]
    page = Page(report([result], tmp_path / "report.html").read_text(encoding="utf-8"))
    sections = [attributes["id"] for tag, attributes in page.elements if tag == "section"]
    assert sections.index("fit") == sections.index("held") + 1
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert page.unmatched == []


def test_a_report_on_a_result_without_calibration_says_nothing_of_it():
    assert section(bare_results()[0].tables, Words()) is None


# What it says


def test_the_finding_gives_factors_of_the_score():
    score = scored(
        observations_fit=40,
        miss_before_fit=math.log(2),
        held_out_all=math.log(1.25),
        coverage_all=0.775,
        observations_validation=7,
        miss_before_validation=math.log(3),
        miss_after_validation=math.log(1.5),
    )
    assert fit_sections(facts(calibration_score=score))[0].finding == (
        "Left out by group, the model misses 40 observations by a factor of 1.25 at the median; with the inputs as they"
        " stand the factor was 2.00. For 7 observations that were never fitted it is 1.50, before it was 3.00."
        " The 80% intervals hold 78% of what was left out."
    )


def test_without_observations_that_were_never_fitted_nothing_is_said_of_them():
    nothing = {"miss_before_validation": math.nan, "miss_after_validation": math.nan}
    assert "never" not in fit_sections(facts(calibration_score=scored(observations_validation=0, **nothing)))[0].finding


def test_observations_come_by_group_and_size_of_the_miss():
    frame = calibrated()[0].tables["fit"].set_index("observed_id")
    factor = {"road-ab": 1.1, "road-ba": 1.2, "rail-ab": 0.2, "trucks": 3.0, "rail-ba": 9.0}
    held = frame.observed * pd.Series(factor)
    frame = frame.assign(held_out=held, held_out_p10=held / 2, held_out_p90=held * 2).reset_index()
    shown = facts(fit=frame[calibrated()[0].tables["fit"].columns]).observations
    # The group of the largest miss first, within it the larger; what was never fitted is last.
    assert shown.observed_id.tolist() == ["rail-ab", "road-ba", "trucks", "road-ab", "rail-ba"]
    assert shown.inside.tolist() == [False, True, False, True, False]


def test_a_left_out_flow_of_zero_is_drawn_at_the_edge():
    frame = calibrated()[0].tables["fit"].assign(held_out=0.0, held_out_p10=0.0)
    assert np.isinf(facts(fit=frame).observations.miss).all()
    assert 'cx="5.000%"' in fit_sections(facts(fit=frame))[0].body


def test_parameters_at_their_limits_are_named():
    limits, free = (
        fit_sections(facts(calibration=calibrated()[0].tables["calibration"].assign(at_bound=at)))[1].finding
        for at in ([False, True], False)
    )
    assert "At their limits: Time at the gate." in limits
    assert free == "No parameter ran to its limit."


def test_the_parameter_that_ran_to_its_limit_in_truth_is_told():
    finding = fit_sections(facts())[1].finding
    assert finding.startswith("At their limits: <script>")


def test_names_follow_the_language():
    assert "Цена грузовика" in told(facts("ru"))
    assert "Цена грузовика" not in told(facts())


def factors(*values: float) -> pd.DataFrame:
    pairs = [("AAA", "BBB"), ("BBB", "AAA"), ("AAA", "AAA")]
    return table_of(
        "adjustment",
        [
            {"origin_country": a, "destination_country": b, "commodity_id": "grain", "factor": value,
             "standard_error": 0.1, "note": "at its limit of 2" if value == 2 else ""}
            for (a, b), value in zip(pairs, values, strict=False)
        ],
    )  # fmt: skip


def test_factors_on_demand_come_by_size_of_the_change():
    kept = scored(demand_refused=0, held_out_all=math.log(1.2), held_out_parameters=math.log(1.4))
    fit = facts(adjustment=factors(1.1, 0.4, 2.0), calibration_score=kept)
    demand = fit_sections(fit)[2]
    assert demand.finding.startswith("3 factors on demand between countries were estimated.")
    assert "by a factor of 1.20 with them and of 1.40 without" in demand.finding
    assert [row["factor"] for row in fit.factors] == [0.4, 2.0, 1.1]
    assert "Grain" in demand.body
    assert demand.body.count("at its limit") == 1
    # exp(1.2816 * 0.1) on either side.
    assert "×0.35 – ×0.45" in demand.body


def test_refused_factors_say_by_how_much_they_were_worse():
    refused = scored(demand_refused=1, held_out_demand=math.log(1.8), held_out_parameters=math.log(1.5))
    finding = fit_sections(facts(calibration_score=refused))[2].finding
    assert (
        "were refused: with them the model misses what was left out by a factor of 1.80, without them by 1.50"
        in finding
    )


def test_demand_that_was_not_tried_is_told_apart_from_refused():
    untried = scored(demand_refused=0, held_out_demand=math.nan)
    assert fit_sections(facts(calibration_score=untried))[2].finding == "No demand was adjusted."


def test_contradictions_are_told_once_by_names():
    frame = calibrated()[0].tables["fit"].assign(contradicts=["trucks", "", "", "road-ab", ""])
    part = fit_sections(facts(fit=frame))[3]
    assert part.body.count("<li>") == 1
    assert "Trucks a day contradicts &lt;script&gt;" in part.body
    none = fit_sections(facts(fit=frame.assign(contradicts="")))[3]
    assert "No two observations" in none.finding
    assert not none.body


def test_arabic_bars_and_dots_are_mirrored():
    def places(language: str) -> list[float]:
        body = fit_sections(facts(language))[0].body
        return [float(x) for x in re.findall(r'<circle cx="([\d.]+)%"', body)]

    left, right = places("en"), places("ar")
    assert len(left) == 2 * len(calibrated()[0].tables["fit"])
    assert np.add(left, right) == pytest.approx(np.full(len(left), 100), abs=0.01)


def test_the_bar_of_a_parameter_goes_from_the_prior_to_the_estimate():
    frame = calibrated()[0].tables["calibration"].assign(moved=[0.0, 2.0], at_bound=False)
    body = fit_sections(facts(calibration=frame))[1].body
    # Reach 3: from the middle, 50 %, by 2 / 3 of 45 %.
    assert 'x="50.000%" width="30.000%"' in body


def test_uneven_weights_are_told():
    assert "Laplace" in told(facts(calibration_score=scored(weighted=0)))
    assert "Laplace" not in told(facts(calibration_score=scored(weighted=1)))


def test_a_page_after_a_change_of_parameters_keeps_the_fit(tmp_path: Path):
    """A member of the ensemble is a study too; what it says of the fit is that of the calibration."""
    study = calibrated()[0].with_parameters({"gate": 1.0})
    assert "Time at the gate" in page_of(replace(study), tmp_path)
