"""What the railway would bring in at a charge for each tonne on its Kyrgyz section: see :mod:`tools.green_answer`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from landlink.appraisal.internal_rate import irr_roots
from landlink.results.result import Result
from landlink.study.study import Study
from landlink.tables.frames import numbers
from tools.green_answer_cases import BASE, RAILWAY, YEARS, Solver
from tools.markdown import grid

#: Charges on the Kyrgyz section beside the price of the train, USD a tonne from end to end.
CHARGES: Final = (5.0, 10.0, 20.0, 30.0)
#: What the promoters name: revenue, USD a year, and tonnes a year.
CLAIMED_USD, CLAIMED_T = 200e6, 10e6
#: Tonnes a year that the line is said to carry.
CAPACITY_T: Final = 15e6
#: Years of the payback that they name.
PAYBACKS: Final = (15, 20)
COUNTRY: Final = "KGZ"


def section(study: Study) -> dict[str, float]:
    """Links of the railway in Kyrgyzstan with their length, km."""
    effect = study.tables["effect"]
    rows = effect[(effect["measure_id"] == RAILWAY) & (effect["table"] == "link")]["row"]
    link = study.tables["link"].set_index("link_id")
    names = [name for cell in rows for name in str(cell).split(";")]
    return {name: float(link.loc[name, "length"]) for name in names if link.loc[name, "country"] == COUNTRY}


def charged(solver: Solver, usd_per_t: float) -> Result:
    """The railway in its first year with a charge on its Kyrgyz section."""
    study, lengths = solver.study, section(solver.study)
    payload = study.tables["vehicle"].set_index("mode")["payload_t"]
    mode, whole = study.tables["link"].set_index("link_id")["mode"], sum(lengths.values())
    for name, km in lengths.items():
        toll = usd_per_t * km / whole * float(payload[mode[name]])
        study = study.with_change("link", name, "toll", "set", repr(toll))
    measures = (*study.scenario(BASE).measures, RAILWAY)
    return solver.kept(f"{YEARS[0]}+charge {usd_per_t:g}", study.apply(*measures).at(YEARS[0]))


def tonne_km(result: Result, study: Study) -> float:
    """Tonne-kilometres of the railway in Kyrgyzstan, a year."""
    link, names = result["link"], section(study)
    here = link["link_id"].isin(list(names)).to_numpy()
    return float((numbers(link, "tonnes_per_year") * numbers(link, "length_km"))[here].sum())


def revenue_tables(solver: Solver, railway: Result) -> Iterator[str]:
    """What is needed for the revenue that is promised, and what charges would bring."""
    whole = sum(section(solver.study).values())
    vehicle = railway["vehicle"].set_index("mode")
    price = {
        mode: 100 * float(vehicle.loc[mode, "cost_usd_per_vehicle_km"]) / float(vehicle.loc[mode, "payload_t"])
        for mode in ("rail_1435", "rail_1520")
    }
    levies = railway["levy"]
    share = float(levies[(levies["country"] == COUNTRY) & (levies["family"] == "rail")]["share"].iloc[0])
    tkm = tonne_km(railway, solver.study)
    mean = sum(price.values()) / 2
    rows = [
        ("the railway in Kyrgyzstan", f"{whole:.0f} km"),
        ("freight on it, 2030", f"{tkm / whole / 1e6:.1f} Mt a year from end to end, {tkm / 1e9:.2f} bn tkm"),
        ("price of the train, gauge of 1435 and 1520 mm", " and ".join(f"{one:.1f} US cents/tkm" for one in price.values())),
        ("access charge in it", f"{share:.0%}: {mean * share:.2f} US cents/tkm, {mean * share * whole / 100:.1f} USD/t"),
        ("whole price on the section, 2030", f"{_own(railway, solver.study) / 1e6:.0f} million USD a year, costs of trains within"),
        ("access charges on it, 2030", f"{share * _own(railway, solver.study) / 1e6:.0f} million USD a year"),
        ("promised: 200 million USD from 10 Mt", f"{CLAIMED_USD / CLAIMED_T:.0f} USD/t, {100 * CLAIMED_USD / CLAIMED_T / whole:.1f} US cents/tkm"),
        ("tonnes for it at the access charge", f"{CLAIMED_USD / (mean * share * whole / 100) / 1e6:.0f} Mt a year; the line is said to carry {CAPACITY_T / 1e6:.0f}"),
    ]
    yield from grid(("what", "value"), rows)
    yield ""
    yield from _charges(solver, railway)
    yield ""
    yield from _paybacks(solver.study)


def repaid(study: Study, years: float, service: int = 30) -> tuple[float, float]:
    """Even yearly net revenue that repays the railway some years after its opening, USD, and its rate of return.

    The cost is spent by the study's phasing; what it earns over the years of service repays it without interest.
    """
    works = study.tables["investment"].set_index(["measure_id", "item_id"]).loc[(RAILWAY, "works")]
    cost = 1e6 * float(works["amount_musd"])
    spent = [-cost * float(share) for share in str(works["phasing"]).split(";")]
    revenue = cost / years
    opening = YEARS[0] - int(works["begins"])
    flow = np.zeros(opening + service)
    flow[: len(spent)] += spent
    flow[opening:] += revenue
    return revenue, float(irr_roots(flow)[0])


def _paybacks(study: Study) -> Iterator[str]:
    rows = []
    for years in PAYBACKS:
        revenue, rate = repaid(study, years)
        per_t = [f"{revenue / tonnes:.0f}" for tonnes in (CLAIMED_T, CAPACITY_T)]
        rows.append((f"{years}", f"{revenue / 1e6:.0f}", *per_t, f"{100 * rate:.1f}"))
    heads = (
        "paid back after, years", "net revenue, million USD a year", "USD/t at 10 Mt", "USD/t at 15 Mt",
        "rate of return over 30 years, %",
    )  # fmt: skip
    yield from grid(heads, rows, right=range(5))


def _own(result: Result, study: Study) -> float:
    """What trains on the section cost those who ship, USD a year."""
    moved = result["emission_link"]
    here = moved["link_id"].isin(list(section(study))).to_numpy()
    rate = moved["mode"].map(result["vehicle"].set_index("mode")["cost_usd_per_vehicle_km"]).to_numpy(dtype=float)
    return float((numbers(moved, "vehicle_km_per_year") * rate)[here].sum())


def _charges(solver: Solver, railway: Result) -> Iterator[str]:
    rows = []
    whole = sum(section(solver.study).values())
    for charge in (0.0, *CHARGES):
        result = charged(solver, charge) if charge else railway
        tonnes = tonne_km(result, solver.study) / whole
        border = result.indicator("crossing.tonnes_per_year[TORU,rail]")
        khorgos = result.indicator("crossing.tonnes_per_year[KHOR,rail]")
        rows.append(
            (
                f"{charge:.0f}", f"{100 * charge / whole:.1f}", f"{tonnes / 1e6:.1f}", f"{border / 1e6:.1f}",
                f"{khorgos / 1e6:.1f}", f"{charge * tonnes / 1e6:.0f}",
            )
        )  # fmt: skip
    heads = (
        "charge, USD/t", "US cents/tkm", "on the section, Mt", "over Torugart by rail, Mt", "over Khorgos by rail, Mt",
        "revenue, million USD",
    )  # fmt: skip
    yield from grid(heads, rows, right=range(6))
