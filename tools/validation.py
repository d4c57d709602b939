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
from landlink.indicators.observations import OTHER_YEAR

BEGIN: Final = "<!-- report begins -->"
END: Final = "<!-- report ends -->"

#: Verdicts in the order of the summary.
VERDICTS: Final = ("within", "outside", "no tolerance", "fitted", "no counterpart")
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
    yield from ("### Solutions", "", *_solves(results), "")
    yield from ("### Validation summary", "", *_counts(observed), "")
    yield from ("### Claims for the railway", "", *_claims(results), "")
    for group, rows in observed.groupby("group", sort=False):
        if group != CLAIMS:
            yield from (f"### {group}", "", *_observations(rows), "")


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


def _counts(observed: pd.DataFrame) -> Iterator[str]:
    rows = []
    shown = observed[observed["group"] != CLAIMS]
    for group, frame in [*shown.groupby("group", sort=False), ("all", shown)]:
        count = frame["verdict"].value_counts()
        rows.append((str(group), str(len(frame)), *(str(count.get(verdict, 0)) for verdict in VERDICTS)))
    yield from _grid(("group", "rows", *VERDICTS), rows, right=range(1, 7))
    yield ""
    if elsewhere := int((shown["verdict"] == OTHER_YEAR).sum()):
        yield f"The other {elsewhere} rows are of years with which this result is not compared (`years_apart`)."
        yield ""
    for group, frame in shown.groupby("group", sort=False):
        free = frame[frame["verdict"].isin(("within", "outside", "no tolerance")) & (frame["ratio"] > 0)]
        near = (free["ratio"].between(0.8, 1.25)).sum()
        if len(free):
            yield (
                f"- {group}: median ratio of model to observation {_number(free['ratio'].median())} over {len(free)} "
                f"rows that were not fitted; {near} of them between 0.8 and 1.25."
            )


def _claims(results: dict[str, ll.Result]) -> Iterator[str]:
    claims = results[TODAY]["observed"]
    claims = claims[claims["group"] == CLAIMS]
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
            str(r.what), str(r.period), _bounded(r.value, str(r.bound)), str(r.unit), _number(r.model),
            _number(r.ratio), f"{r.tolerance:.0%}" if math.isfinite(r.tolerance) else "", str(r.verdict), str(r.note),
        )
        for r in rows.itertuples()
    ]  # fmt: skip
    heads = ("observed", "period", "value", "unit", "model", "ratio", "tolerance", "verdict", "note")
    yield from _grid(heads, cells, right=(2, 4, 5, 6))


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
