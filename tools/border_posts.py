"""Fit the posts between Kyrgyzstan and China to observations, and validate them.

``python -m tools.border_posts fit`` finds the two fitted factors and prints them; they are kept in
``tools/china_kyrgyzstan/border_posts.toml``. It takes some minutes.

``python -m tools.border_posts validate [-o FILE]`` prints the tables of docs/border-posts.md, or writes them between the
marks ``<!-- report begins -->`` and ``<!-- report ends -->`` of FILE.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd

import landlink as ll
from landlink.border.parameter_fit import Fit, Parameter, fit, with_factor
from landlink.border.pipeline_builder import crossings_with_stages
from landlink.border.predictions import Observable, predict
from landlink.border.validation import VERDICTS, validate
from landlink.study import Study
from tools.validation import placed

STUDY: Final = "china-kyrgyzstan"
PARAMETERS: Final = (Parameter("fitted-pace", 0.3, 1.6), Parameter("fitted-one-way", 0.3, 3.0))
#: Replications of the fit and of the tables.
FEW, MANY = 8, 10
#: Changes of the fitted factors in the sensitivity table.
CHANGES: Final = (0.9, 1.0, 1.1)
YEARS: Final = range(2019, 2026)


def main(words: Sequence[str] | None = None) -> None:
    """Fit or validate."""
    parser = argparse.ArgumentParser(prog="python -m tools.border_posts", description=__doc__)
    parser.add_argument("what", choices=("fit", "validate"))
    parser.add_argument("-o", "--output", type=Path, help="file to write; printed if not given")
    chosen = parser.parse_args(words)
    study = ll.open_study(STUDY)
    text = "\n".join(fitted(study) if chosen.what == "fit" else report(study)) + "\n"
    if chosen.output is None:
        print(text, end="")
    else:
        chosen.output.write_text(placed(text, chosen.output), encoding="utf-8", newline="\n")


def fitted(study: Study) -> Iterator[str]:
    """Describe the fit."""
    found: Fit = fit(study, PARAMETERS, replications=FEW)
    for rule, factor in found.factors.items():
        yield f"{rule}: {factor:.3g}" + (" (at a bound)" if rule in found.at_bound else "")
    yield f"misfit {found.misfit:.2g} after {found.trials} trials"
    yield found.observations.to_string(index=False)


def report(study: Study) -> Iterator[str]:
    """Write all tables."""
    frame = validate(study, replications=MANY)
    yield from ("### Model against observed", "", *_observations(study, frame), "")
    yield from ("### Count of verdicts", "", *_counts(frame), "")
    yield from ("### Fitted factors", "", *_factors(study), "")
    yield from ("### Sensitivity to the fitted factors", "", *_changes(study, frame), "")
    yield from ("### Year by year", "", *_years(study), "")
    yield from ("### Contradicting sources", "", *_contradictions(frame))


def _observations(study: Study, frame: pd.DataFrame) -> Iterator[str]:
    titles = study.tables["source"].set_index("source_id")["title"]
    rows = [
        (
            row["observation_id"],
            _period(row),
            _quantity(row["direction"], row["quantity"]),
            _number(row["value"]),
            _range(row["low"], row["high"]),
            f"{_number(row['model'])} ± {_number((row['model_high'] - row['model_low']) / 2)}",
            row["verdict"],
            f"{row['quality']}: {'; '.join(titles[name] for name in row['source'].split(';'))}",
        )
        for row in frame.to_dict("records")
    ]
    heads = ("observation", "period", "quantity", "observed", "range", "model", "verdict", "source")
    yield from _grid(heads, rows, right=(3, 4, 5))


def _counts(frame: pd.DataFrame) -> Iterator[str]:
    kinds = frame["quantity"].str.split("_").str[0].map({"hours": "hours", "queue": "queues"}).fillna("vehicles")
    rows = [
        (str(kind), str(len(of_kind)), *(str((of_kind["verdict"] == verdict).sum()) for verdict in VERDICTS))
        for kind, of_kind in frame.groupby(kinds, sort=False)
    ]
    yield from _grid(("", "rows", *VERDICTS), rows, right=range(1, 2 + len(VERDICTS)))


def _factors(study: Study) -> Iterator[str]:
    effect = study.tables["rule_effect"].drop_duplicates("rule_id").set_index("rule_id")
    rows = [(f"`{p.rule_id}`", effect.at[p.rule_id, "value"], effect.at[p.rule_id, "note"]) for p in PARAMETERS]
    yield from _grid(("rule", "factor", "note"), rows, right=(1,))


def _changes(study: Study, frame: pd.DataFrame) -> Iterator[str]:
    """Tabulate the predicted hours of single crossings with the fitted factors changed."""
    effect = study.tables["rule_effect"].drop_duplicates("rule_id").set_index("rule_id")["value"].astype(object)
    single = ~frame["crossing_id"].str.contains(";")
    shown = list(frame.loc[frame["quantity"].str.startswith("hours") & single, "observation_id"])
    columns: dict[tuple[str, float], dict[str, float]] = {}
    for parameter in PARAMETERS:
        for change in CHANGES:
            changed = with_factor(study, parameter.rule_id, float(effect[parameter.rule_id]) * change)
            found = validate(changed, observations=shown, replications=FEW // 2)
            columns[parameter.rule_id, change] = dict(zip(found["observation_id"], found["model"], strict=True))
    heads = ("predicted hours", *(f"{rule} × {change:g}" for rule, change in columns))
    rows = [(name, *(_number(column[name]) for column in columns.values())) for name in shown]
    yield from _grid(heads, rows, right=range(1, len(heads)))


def _years(study: Study) -> Iterator[str]:
    """Tabulate vehicles and hours of each crossing with stages by year and direction."""
    rows = []
    for crossing in crossings_with_stages(study):
        for year in YEARS:
            cells = [_predicted(study, crossing, year, way, "vehicles_per_day") for way in ("ab", "ba")]
            cells += [
                _predicted(study, crossing, year, way, what)
                for way in ("ab", "ba")
                for what in ("hours_mean", "hours_p95")
            ]
            rows.append((crossing, str(year), *cells))
    heads = ("crossing", "year", "ab per day", "ba per day", "ab mean, h", "ab 95 %, h", "ba mean, h", "ba 95 %, h")
    yield from _grid(heads, rows, right=range(2, 8))


def _predicted(study: Study, crossing: str, year: int, direction: str, quantity: str) -> str:
    observable = Observable((crossing,), "road", date(year, 1, 1), date(year + 1, 1, 1), direction, quantity, (), 1.0)
    return _number(float(predict(study, observable, replications=FEW // 4).values.mean()))


def _contradictions(frame: pd.DataFrame) -> Iterator[str]:
    rows = [
        (row["observation_id"], _number(row["value"]), ", ".join(row["contradicted"].split(";")), row["note"])
        for row in frame.to_dict("records")
        if row["contradicted"]
    ]
    yield from _grid(("observation", "value", "contradicts", "note"), rows, right=(1,))


def _period(row: Any) -> str:
    return f"{row['begins']} to {row['ends']}"


def _quantity(direction: str, quantity: str) -> str:
    what = {
        "vehicles_per_day": "vehicles per day",
        "busiest_day": "vehicles on the busiest day",
        "hours_mean": "hours, mean",
        "hours_median": "hours, median",
        "hours_p95": "hours, 95 %",
        "queue_mean": "vehicles waiting, mean",
        "queue_max": "vehicles waiting, maximum",
    }[quantity]
    return what if direction == "both" else f"{what}, {direction}"


def _range(low: float, high: float) -> str:
    if math.isnan(low) and math.isnan(high):
        return ""
    if math.isnan(high):
        return f"from {_number(low)}"
    return f"{_number(low)} to {_number(high)}"


def _number(value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "|".join("---:" if i in right else "---" for i in range(len(heads))) + "|"
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"


if __name__ == "__main__":
    main()
