"""Validate the bundled study against published figures, as tables for docs/study/validation.md.

Run ``python -m tools.validation [-o FILE]``. It solves the scenarios ``base-2023``, ``base-2030`` and
``cku-2030``, which takes about half a minute. With ``-o`` the tables are written between the marks
``<!-- report begins -->`` and ``<!-- report ends -->`` of FILE, or into a new file; other text is left unchanged.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

import landlink as ll
from landlink.calibration.fitted_observations import SOFTENING
from landlink.indicators.observations import NO_SCORE, OTHER_YEAR, SCORED_ROLES, Score, score
from landlink.tables.observed_schemas import ROLES

BEGIN: Final = "<!-- report begins -->"
END: Final = "<!-- report ends -->"

#: Verdicts on values, on bounds, and on what is not compared.
JUDGED: Final = ("within", "outside")
LIMITS: Final = ("kept", "broken")
REFUSED: Final = ("not comparable", "no counterpart", OTHER_YEAR)
#: Year of the first scenario.
BASE_YEAR: Final = 2023
#: Scenarios: observations are compared with the first, claims for the railway with the difference of the others.
TODAY, WITHOUT, WITH = "base-2023", "base-2030", "cku-2030"
CLAIMS: Final = "Claims"


def main(words: Sequence[str] | None = None) -> None:
    """Solve the scenarios and write the tables."""
    parser = argparse.ArgumentParser(prog="python -m tools.validation", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, help="file to write; printed if not given")
    output = parser.parse_args(words).output
    text = "\n".join(report(solved())) + "\n"
    if output is None:
        print(text, end="")
    else:
        output.write_text(placed(text, output), encoding="utf-8", newline="\n")


def solved() -> dict[str, ll.Result]:
    """Solve the three scenarios."""
    study = ll.open_study("china-kyrgyzstan")
    scenarios = {scenario.id: scenario for scenario in study.settings.scenarios}
    return {
        name: ll.solve(study.apply(*scenarios[name].apply).at(scenarios[name].year)) for name in (TODAY, WITHOUT, WITH)
    }


def placed(text: str, file: Path) -> str:
    """Insert the tables between the marks of an existing file, or between new marks."""
    block = f"{BEGIN}\n\n{text}\n{END}"
    if not file.exists():
        return f"{block}\n"
    old = file.read_text(encoding="utf-8")
    if old.count(BEGIN) != 1 or old.count(END) != 1:
        raise SystemExit(f"{file} must contain {BEGIN} and {END} once each")
    return old[: old.index(BEGIN)] + block + old[old.index(END) + len(END) :]


def report(results: dict[str, ll.Result]) -> Iterator[str]:
    """Write all tables."""
    observed = results[TODAY]["observed"]
    shown = observed[observed["heading"] != CLAIMS]
    refused, limits = shown["verdict"].isin(REFUSED), shown["verdict"].isin(LIMITS)
    yield from ("### Solutions", "", *_solves(results), "")
    yield from ("### Left out by group", "", *_left_out(), "")
    yield from ("### Score by role", "", *_roles(shown), "")
    yield from ("### Score by heading", "", *_headings(shown), "")
    yield from ("### Claims for the railway", "", *_claims(results), "")
    for heading, rows in shown[~refused & ~limits].groupby("heading", sort=False):
        yield from (f"### {heading}", "", *_observations(rows), "")
    yield from ("### Bounds", "", *_observations(shown[limits]), "")
    yield from ("### Not compared", "", *_not_compared(shown[refused]), "")


def _solves(results: dict[str, ll.Result]) -> Iterator[str]:
    rows = [
        (
            name,
            r.provenance.presentation.label,
            f"{r.provenance.run.year}",
            f"{r.provenance.certificate.relative_gap:.1e}",
        )
        for name, r in results.items()
    ]
    yield from _grid(("scenario", "title", "year", "relative gap"), rows)
    yield ""
    yield f"Study hash of {TODAY}: `{results[TODAY].provenance.run.study_hash[:16]}`."


def _left_out() -> Iterator[str]:
    """What the calibration said of each group of fitted observations before, with it, and without it."""
    tables = ll.open_study("china-kyrgyzstan").tables
    fit, scores = tables["fit"], tables["calibration_score"].set_index("quantity")["value"]
    fitted = fit[fit["role"] == "fit"]
    rows = []
    for group, part in fitted.groupby("group"):
        least = SOFTENING * part["observed"]
        misses = (
            float(((part[name] + least) / (part["observed"] + least)).map(math.log).abs().median())
            for name in ("before", "after", "held_out")
        )
        inside = part["observed"].between(part["held_out_p10"], part["held_out_p90"])
        rows.append((str(group), f"{len(part)}", *(_factor(math.exp(miss)) for miss in misses), f"{inside.sum()}"))
    every = (_factor(math.exp(scores[name])) for name in ("miss_before_fit", "miss_after_fit", "held_out_all"))
    rows.append(("all", f"{len(fitted)}", *every, f"{scores['coverage_all']:.0%}"))
    heads = ("group", "rows", "inputs as they stand", "fitted", "left out", "in the 80 % interval")
    yield from _grid(heads, rows, right=range(1, 6))


def _roles(observed: pd.DataFrame) -> Iterator[str]:
    """Count observations by role, with the median and the largest deviation of those that enter a score."""
    rows = []
    for role in ROLES:
        part = observed[observed["role"] == role]
        compared = part[~part["verdict"].isin(REFUSED)]
        judged = compared[compared["verdict"].isin((*LIMITS, *JUDGED))]
        agree = int(judged["verdict"].isin(("kept", "within")).sum())
        found = score(part, (role,)) if role in SCORED_ROLES else NO_SCORE
        rows.append((role, f"{len(part)}", f"{len(compared)}", f"{agree} of {len(judged)}", *_scored(found)))
    heads = ("role", "rows", "compared", "kept or within tolerance", "rows in the score", "median factor", "largest")
    yield from _grid(heads, rows, right=range(1, 7))


def _headings(observed: pd.DataFrame) -> Iterator[str]:
    """Score of each heading by role."""
    rows = []
    for heading, part in observed.groupby("heading", sort=False):
        for role in SCORED_ROLES:
            found = score(part, (role,))
            if found.rows:
                rows.append((str(heading), role, *_scored(found)))
    yield from _grid(("heading", "role", "rows in the score", "median factor", "largest"), rows, right=range(2, 5))


def _scored(found: Score) -> tuple[str, str, str]:
    return str(found.rows), _factor(found.factor), _factor(found.worst_factor)


def _factor(value: float) -> str:
    """Format a deviation with two decimals; without end where the model has no flow."""
    return "∞" if math.isinf(value) else "–" if math.isnan(value) else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _claims(results: dict[str, ll.Result]) -> Iterator[str]:
    claims = results[TODAY]["observed"]
    claims = claims[claims["heading"] == CLAIMS]
    rows = [(str(r.what), f"{_number(r.value)} {r.unit}", str(r.quality), str(r.note)) for r in claims.itertuples()]
    yield from _grid(("claim", "published", "quality", "note"), rows, right=(1,))
    tonnes = results[WITH].indicator("crossing.tonnes_per_year[TORU,rail]") / 1e6
    yield from ("", f"In {WITH}, {_number(tonnes)} Mt a year cross the border at Torugart by the railway.", "")
    yield "Effects on the journeys shown in the report, as means over the routes used:"
    yield ""
    heads = ("journey", "by", "share without", "with", "km without", "with", "saved", "hours without", "with")
    yield from _grid((*heads, "days saved"), list(_journeys(results)), right=range(2, 10))


def _journeys(results: dict[str, ll.Result]) -> Iterator[tuple[str, ...]]:
    """Share, distance and time of each alternative on the report's pairs, without and with the railway."""
    names = results[TODAY]["zone"].set_index("zone_id")["name"]
    goods = results[TODAY]["commodity"].set_index("commodity_id")["name"]
    for pair in ll.open_study("china-kyrgyzstan").settings.pairs:
        without, with_it = (_by_alternative(results[name]["od"], pair) for name in (WITHOUT, WITH))
        journey = f"{names[pair[0]]} – {names[pair[1]]}, {goods[pair[2]].lower()}"
        for alternative in without.index.union(with_it.index, sort=False):
            old, new = without.reindex([alternative]).iloc[0], with_it.reindex([alternative]).iloc[0]
            yield (
                journey,
                str(alternative),
                *(f"{share:.1%}" for share in (old["share"], new["share"])),
                *map(_number, (old["distance_km"], new["distance_km"], old["distance_km"] - new["distance_km"])),
                *map(_number, (old["time_h"], new["time_h"], (old["time_h"] - new["time_h"]) / 24)),
            )


def _by_alternative(od: pd.DataFrame, pair: tuple[str, str, str]) -> pd.DataFrame:
    keys = ["origin_zone_id", "destination_zone_id", "commodity_id"]
    rows = od[(od[keys] == list(pair)).all(axis=1)].set_index("alternative")
    return rows.assign(share=rows["tonnes_per_year"] / rows["tonnes_per_year"].sum())


def _observations(rows: pd.DataFrame) -> Iterator[str]:
    cells = [
        (
            str(r.what), str(r.role), str(r.period), _bounded(r.value, str(r.bound)),
            _number(r.value_in_year) if r.value_in_year != r.value else "", str(r.unit), _number(r.model),
            _number(r.ratio), f"{r.tolerance:.0%}" if math.isfinite(r.tolerance) else "", str(r.verdict), str(r.note),
        )
        for r in rows.itertuples()
    ]  # fmt: skip
    heads = (
        "observed", "role", "period", "value", f"in {BASE_YEAR}", "unit", "model", "ratio", "tolerance", "verdict",
        "note",
    )  # fmt: skip
    yield from _grid(heads, cells, right=(3, 4, 6, 7, 8))


def _not_compared(rows: pd.DataFrame) -> Iterator[str]:
    cells = [
        (
            str(r.what),
            str(r.role),
            str(r.period),
            _bounded(r.value, str(r.bound)),
            str(r.unit),
            str(r.why_not or "the model has no flow there"),
        )
        for r in rows.itertuples()
    ]
    yield from _grid(("observed", "role", "period", "value", "unit", "why not"), cells, right=(3,))


def _bounded(value: float, bound: str) -> str:
    return {"lower": "at least ", "upper": "at most "}.get(bound, "") + _number(value)


def _number(value: float) -> str:
    """Format a number with three digits, or as a whole number if larger; a dash for NaN."""
    if not math.isfinite(value):
        return "–"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    # The difference of two equal sums is not exactly zero.
    return f"{value:.3g}" if abs(value) > 1e-9 else "0"


def _grid(heads: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> Iterator[str]:
    numeric = set(right)
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "|".join("---:" if i in numeric else "---" for i in range(len(heads))) + "|"
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


if __name__ == "__main__":
    main()
