"""Records of vehicles and hourly counts at crossings, as the simulator and a plain queue make them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

import landlink as ll
from landlink.border.count_reading import HourlyCounts
from landlink.border.pipeline_builder import build_pipeline
from landlink.border.replication import run_replication

#: First hour of all records.
START = datetime(2024, 6, 3)  # noqa: DTZ001  files without offsets
#: Columns of a table of stamps.
STAMP_HEAD = "vehicle_id,stage_id,arrival,begin,end"


def stamp(hours: float, *, digits: str = "%Y-%m-%d %H:%M:%S.%f") -> str:
    return "" if np.isnan(hours) else (START + timedelta(hours=float(hours))).strftime(digits)


def queued(servers: int, size: int, seed: int) -> list[str]:
    """Stamps of a queue with several servers and a load of 0.9, to the second."""
    random = np.random.default_rng(seed)
    come = np.cumsum(random.exponential(0.5 / servers / 0.9, size))
    free, rows = np.zeros(servers), []
    for number, arrival in enumerate(come):
        server = int(free.argmin())
        begin = max(arrival, free[server])
        free[server] = begin + random.gamma(4, 0.125)
        rows.append(f"V{number},docs,{stamp(arrival)},{stamp(begin)},{stamp(free[server])}")
    return rows


def gate(folder: Path, *, hours: str = "08:00-20:00", days: str = "mon-sat", servers: int = 3) -> ll.Study:
    """A crossing with one stage and more to do by day than by night, and with queues that come and go."""
    profile = ";".join(["0.3"] * 7 + ["1.0"] * 12 + ["0.3"] * 5)
    tables = {
        "crossing": "crossing_id,family,country_a,country_b,time_ab_h,time_ba_h,time_zone,hours,days\n"
        f"GATE,road,AAA,BBB,0,0,UTC,{hours},{days}",
        "vehicle_class": "vehicle_class\nany",
        "stage": "crossing_id,stage_id,order,direction,servers,law,mean_h,cv\n"
        f"GATE,check,1,ab,{servers},gamma,0.25,0.6",
        "arrival": f"crossing_id,direction,vehicle_class,vehicles_per_day,hour_profile\nGATE,ab,any,112,{profile}",
    }
    folder.mkdir()
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    (folder / "study.toml").write_text('id = "gate"\ntitle = "Gate"\nbase_year = 2024\n', encoding="utf-8")
    return ll.open_study(folder)


def counted(study: ll.Study, days: int, seed: int) -> HourlyCounts:
    """Arrivals, departures and vehicles waiting hour by hour, in one replication of the simulator."""
    pipeline = build_pipeline(study, "GATE", start=START.date(), days=days)
    made = run_replication(pipeline, seed=seed, number=0)
    edges = np.arange(24.0 * days + 1)
    series = [np.histogram(times[np.isfinite(times)], edges)[0].astype(float)
              for times in (made.vehicles.arrival_h, made.log.left[0], made.log.began[0])]  # fmt: skip
    queue = np.cumsum(series[0] - series[2])
    return HourlyCounts("made", START, series[0], series[1], queue, np.full(len(queue), np.nan))
