"""Hold the bundled study, untuned, against published effects of projects on the costs of transport.

Run ``python -m tools.published_effects [--each] [-o FILE]``. It solves the study of the base year without and with all
projects that change its network, without those that were completed before, and with what a study of 2019 can have known.
``--each`` solves every project
alone as well (some minutes). With ``-o`` the tables are written between the marks of FILE, as by :mod:`tools.validation`.

What is published is a reduction by pair of economies; the model's is that of the least generalised cost of road and rail,
mean over zones and goods of both directions, weighted by tonnes. Spearman's coefficient compares the two orders, with a
permutation test, since nobody expects the sizes to agree: the published ones rest on another network, other costs and a
package that is not listed.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

import landlink as ll
from landlink.study.study import Study
from landlink.tables.carbon_schemas import CARBON_TABLES
from tools.markdown import grid
from tools.validation import placed
from tools.without_projects import along, without_completed

DATA: Final = Path(__file__).with_suffix(".toml")
YEAR: Final = 2023
PERMUTATIONS: Final = 20_000
#: Savings below this, half of the last digit shown, are not told.
LEAST: Final = 5e-4
Costs = dict[frozenset[str], float]


def main(words: Sequence[str] | None = None) -> None:
    """Solve and write the tables."""
    parser = argparse.ArgumentParser(prog="python -m tools.published_effects", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, help="file to write; printed if not given")
    parser.add_argument("--each", action="store_true", help="solve each project alone too")
    asked = parser.parse_args(words)
    text = "\n".join(report(tomllib.loads(DATA.read_text("utf-8")), each=asked.each)) + "\n"
    if asked.output is None:
        print(text, end="")
    else:
        asked.output.write_text(placed(text, asked.output), encoding="utf-8", newline="\n")


def report(data: Mapping[str, Any], *, each: bool) -> Iterator[str]:
    """All tables."""
    study = ll.open_study("china-kyrgyzstan")
    projects = package(study, data)
    base = ll.solve(study.at(YEAR))
    members = economies(base, data)

    def costs(case: Study, *measures: str) -> pd.DataFrame:
        return pair_costs(ll.solve(in_service(case, measures).apply(*measures).at(YEAR), start=base), members)

    completed = data["completed"]
    initiative = [row for row in completed if row.get("initiative")]
    begun = opened(study, data["package"]["opened_since"])
    built = costs(study, *projects)
    steps = {
        "to come": (pair_costs(base, members), built),
        "to come and completed": (costs(without_completed(study, completed)), built),
        "of 2013 to 2019": (
            costs(without_completed(study, initiative)),
            costs(begun, *data["package"]["planned_2019"]),
        ),
    }
    published = {
        tuple(key.split()): float(value) / 100 for part in ("within", "beyond") for key, value in data[part].items()
    }
    frame = compared(published, steps)
    names = {key: str(row["name"]) for key, row in data["economies"].items()}
    yield from ("### Order of the reductions", "", *_ranks(frame, set(data["within"])), "")
    yield from ("### Reductions by pair", "", *_pairs(frame, names), "")
    yield from ("### Distances and times by corridor", "", *_corridors(study, data, base), "")
    if each:
        yield from ("### Projects one by one", "", *_each(study, projects, base, members, names), "")


def package(study: Study, data: Mapping[str, Any]) -> tuple[str, ...]:
    """Projects that change the network, each of them once."""
    measure = study.tables["measure"]
    effect = study.tables["effect"]
    # Plants, fleets and wires change what moving freight emits, not where it moves.
    energy = effect["table"].isin([table.name for table in CARBON_TABLES]) | (effect["column"] == "electrified")
    acting = set(effect.loc[~energy, "measure_id"])
    left = set(data["package"]["without"])
    chosen = measure[
        (measure["kind"] == "project") & measure["measure_id"].isin(acting) & ~measure["measure_id"].isin(left)
    ]
    return tuple(chosen["measure_id"])


def in_service(study: Study, projects: Sequence[str]) -> Study:
    """The study with the projects open in the base year, so that nothing but them differs."""
    for project in projects:
        study = study.with_change("measure", project, "open_from", "set", str(YEAR))
    return study


def required(study: Study, project: str) -> tuple[str, ...]:
    """Measures without which a project cannot be applied."""
    measure = study.tables["measure"].set_index("measure_id")
    return tuple(part for part in str(measure.at[project, "requires"] or "").split(";") if part)


def opened(study: Study, links: Sequence[str]) -> Study:
    """The study with links in service that opened after the base year."""
    for link in links:
        study = study.with_change("link", link, "open_from", "set", str(YEAR))
    return study


def economies(result: ll.Result, data: Mapping[str, Any]) -> dict[str, str]:
    """Economy of each zone that belongs to one."""
    zone = result["zone"]
    found: dict[str, str] = {}
    for key, row in data["economies"].items():
        if "country" in row:
            chosen = zone.loc[zone["country"] == row["country"], "zone_id"]
        else:
            chosen = zone.loc[zone["zone_id"].str.startswith(row["zones"]), "zone_id"]
        found |= dict.fromkeys(chosen, key)
    return found


def pair_costs(result: ll.Result, members: Mapping[str, str]) -> pd.DataFrame:
    """Least generalised cost of road and rail by pair of zones and goods, USD/t, with tonnes and pair of economies."""
    od = result["od"]
    keys = ["origin_zone_id", "destination_zone_id", "commodity_id"]
    land = od[od["alternative"] != "sea"]
    cost = land.groupby(keys)["generalised_cost_usd_per_t"].min()
    tonnes = od.groupby(keys)["tonnes_per_year"].sum().reindex(cost.index)
    frame = pd.DataFrame({"cost": cost, "tonnes": tonnes}).reset_index()
    ends = [frame[key].map(members) for key in keys[:2]]
    frame["pair"] = pd.Series([frozenset(pair) for pair in zip(*ends, strict=True)], index=frame.index, dtype=object)
    kept = frame[ends[0].notna() & ends[1].notna() & (ends[0] != ends[1])]
    return kept.set_index([*keys, "pair"])[["cost", "tonnes"]]


def reductions(without: pd.DataFrame, with_it: pd.DataFrame) -> Costs:
    """Share of the cost saved by pair of economies, weighted by the tonnes without."""
    joined = without.join(with_it["cost"].rename("after"), how="inner")
    sums = pd.DataFrame(
        {"before": joined["cost"] * joined["tonnes"], "after": joined["after"] * joined["tonnes"]}
    ).groupby(level="pair").sum()  # fmt: skip
    share = 1.0 - (sums["after"] / sums["before"]).to_numpy(dtype=float)
    return dict(zip(sums.index.tolist(), share.tolist(), strict=True))


def compared(published: Mapping[tuple[str, ...], float], steps: Mapping[str, tuple[Any, Any]]) -> pd.DataFrame:
    """Published and modelled reductions, a row for each pair; NaN where the demand has no freight between the two."""
    modelled = {name: reductions(*pair) for name, pair in steps.items()}
    rows = [
        {
            "pair": pair,
            "published": value,
            **{name: found.get(frozenset(pair), np.nan) for name, found in modelled.items()},
        }
        for pair, value in published.items()
    ]
    return pd.DataFrame(rows)


def spearman(a: pd.Series[float], b: pd.Series[float], *, seed: int = 1) -> tuple[float, float]:
    """Spearman's rank correlation, and the share of random orders with at least as large a one (Good 2005)."""
    ranks = a.rank().to_numpy(), b.rank().to_numpy()
    centred = [(r - r.mean()) / np.sqrt(((r - r.mean()) ** 2).sum()) for r in ranks]
    found = float(centred[0] @ centred[1])
    generator = np.random.default_rng(seed)
    random = np.array([centred[0] @ generator.permutation(centred[1]) for _ in range(PERMUTATIONS)])
    return found, float((1 + (random >= found - 1e-12).sum()) / (1 + PERMUTATIONS))


def _ranks(frame: pd.DataFrame, within: set[str]) -> Iterator[str]:
    inside = frame["pair"].map(lambda pair: " ".join(pair) in within)
    rows = []
    for scope, chosen in (("all pairs", frame), ("Central Asia, Xinjiang and Pakistan", frame[inside])):
        for step in frame.columns[2:]:
            both = chosen[chosen[step].notna()]
            rho, chance = spearman(both["published"], both[step])
            rows.append((scope, step, f"{rho:+.2f}", str(len(both)), f"{chance:.2f}"))
    heads = ("pairs", "projects", "Spearman's rho", "pairs compared", "chance of as much")
    yield from grid(heads, rows, right=(2, 3, 4))


def _pairs(frame: pd.DataFrame, names: Mapping[str, str]) -> Iterator[str]:
    rows = [
        (" – ".join(names[end] for end in row[0]), *(_percent(value) for value in row[1:]))
        for row in frame.itertuples(index=False)
    ]
    yield from grid(("pair", "published", *frame.columns[2:]), rows, right=range(1, len(frame.columns)))


def _corridors(study: Study, data: Mapping[str, Any], base: ll.Result) -> Iterator[str]:
    """Savings on corridors beside those published."""
    solved: dict[tuple[str, ...], ll.Result] = {}
    rows = []
    for row in data["corridor"]:
        if "journey" in row:
            projects = tuple(row["projects"])
            if projects not in solved:
                solved[projects] = ll.solve(in_service(study, projects).apply(*projects).at(YEAR), start=base)
            without, with_it = (on_journey(result, row) for result in (base, solved[projects]))
        else:
            begun = opened(study, data["package"]["opened_since"])
            without, with_it = (along(case, row["way"], by=row["unit"]) for case in (study, begun))
        saved = f"{without - with_it:.0f}" if np.isfinite(without - with_it) else "–"
        figures = (f"{row['published']:g}", saved, f"{without:,.0f}", f"{with_it:,.0f}")
        rows.append((row["what"], row["unit"], *figures, row["source"]))
    heads = ("corridor", "unit", "published saving", "in the model", "without", "with", "source")
    yield from grid(heads, rows, right=(2, 3, 4, 5))


def on_journey(result: ll.Result, row: Mapping[str, Any]) -> float:
    """Mean distance or time of a journey by one alternative, weighted by tonnes."""
    origin, destination, alternative = row["journey"]
    od = result["od"]
    on = od[
        (od["origin_zone_id"] == origin)
        & (od["destination_zone_id"] == destination)
        & (od["alternative"] == alternative)
    ]
    column = {"km": "distance_km", "h": "time_h"}[row["unit"]]
    return float((on[column] * on["tonnes_per_year"]).sum() / on["tonnes_per_year"].sum())


def _each(
    study: Study, projects: Sequence[str], base: ll.Result, members: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[str]:
    today = pair_costs(base, members)
    titles = study.tables["measure"].set_index("measure_id")["name"]
    rows = []
    for project in projects:
        needed = (*required(study, project), project)
        alone = ll.solve(in_service(study, needed).apply(*needed).at(YEAR), start=base)
        saved = {pair: share for pair, share in reductions(today, pair_costs(alone, members)).items() if share > LEAST}
        best = sorted(saved.items(), key=lambda item: (-item[1], sorted(item[0])))[:3]
        told = ", ".join(f"{' – '.join(names[end] for end in sorted(pair))} {_percent(share)}" for pair, share in best)
        rows.append((titles[project], str(len(saved)), told or "none"))
    yield from grid(("project", "pairs with a saving", "largest savings"), rows, right=(1,))


def _percent(share: float) -> str:
    return "–" if not np.isfinite(share) else f"{100 * share:.1f}%"


if __name__ == "__main__":
    main()
