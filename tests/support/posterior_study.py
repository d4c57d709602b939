"""The small study with a posterior ensemble and a doubt, in a folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.support.small_study import write_small_study

PARAMETER = """
parameter_id,table,row,where,column,operation,prior_mean,prior_sd,low,high
truck-km,vehicle,road,,cost_usd_per_vehicle_km,multiply,,0.2,,
gate,crossing,GATE/road,,time_ab_h,add,,4,-20,20
"""

DOUBT = """
[[doubt]]
title = "Will the gate be closed?"
title_ru = "Закроют ли пост?"
scenarios = ["easy-2023", "today"]
"""

HEADLINE = """
headline = "crossing.tonnes_per_year[GATE,rail]"
headline_title = "Tonnes by rail"

[[scenario]]
id = "easy-2023"
title = "Faster checks"
apply = ["easy-gate"]
year = 2023
"""


def posterior(members: int, seed: int = 1) -> str:
    """Independent draws of both parameters."""
    random = np.random.default_rng(seed)
    lines = ["member,parameter_id,value"]
    for member in range(1, members + 1):
        lines += [
            f"{member},truck-km,{np.exp(0.2 * random.standard_normal()):.6f}",
            f"{member},gate,{2 * random.standard_normal():.6f}",
        ]
    return "\n".join(lines)


def write_posterior_study(folder: Path, members: int = 8, *, seed: int = 1, doubt: str = "", **replaced: str) -> Path:
    """Write the study; settings of a doubt are added at the end."""
    tables = {"parameter": PARAMETER, "posterior": posterior(members, seed), **replaced}
    write_small_study(folder, **tables)
    settings = folder / "study.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + HEADLINE + doubt, encoding="utf-8")
    return folder
