"""Drives: what a vehicle runs on and how it turns energy into work."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from landlink.carbon.motion import GRAVITY, Resistance, mean_excess, mean_speed
from landlink.core.arrays import Floats
from landlink.tables.frames import is_missing, records

__all__ = ["Drive", "drives_of", "propulsion_mj_per_km"]

_J_PER_M_TO_MJ_PER_KM = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """Parameters of a drive, in the units of the table ``drive``, which says what each means.

    NaN stands for what a kind of drive does not have.
    """

    drive_id: str
    kind: str
    carrier: str
    energy_mj_per_tkm: float = float("nan")
    tare_t: float = float("nan")
    wagon_payload_t: float = float("nan")
    locomotive_t: float = 0.0
    locomotive_wagons: float = 0.0
    rolling_coefficient: float = float("nan")
    drag_area_m2: float = 0.0
    davis_a_n_per_t: float = 0.0
    davis_a_n_per_wagon: float = 0.0
    davis_b_n_per_t_kmh: float = 0.0
    davis_b_n_per_wagon_kmh: float = 0.0
    davis_c_n_per_wagon_kmh2: float = 0.0
    rated_kw: float = float("nan")
    efficiency: float = float("nan")
    friction_kw: float = 0.0
    auxiliary_kw: float = 0.0
    idle_kw: float = 0.0
    rest_kw: float = 0.0
    regeneration: float = 0.0
    stops_per_100_km: float = 0.0
    derated_above_m: float = 0.0
    power_loss_percent_per_km: float = 0.0
    efficiency_loss_percent_per_km: float = 0.0
    on_board: bool = False


def drives_of(frame: pd.DataFrame) -> dict[str, Drive]:
    """Drives of a table ``drive``, by their ids; an empty cell has the default of the attribute."""
    made = [
        Drive(**{field.name: row[field.name] for field in fields(Drive) if not is_missing(row[field.name])})
        for row in records(frame)
    ]
    return {drive.drive_id: drive for drive in made}


def propulsion_mj_per_km(
    drive: Drive,
    mass_t: Floats,
    resistance: Resistance,
    speed_kmh: Floats,
    grade: Floats,
    *,
    altitude_m: Floats,
    grade_spread: Floats,
) -> Floats:
    r"""Energy of the carrier for a kilometre of a vehicle, MJ/km.

    .. math:: e = \frac{W\,E[(r+f+g)^+] + k}{\eta} - \rho\,(W\,E[(-r-f-g)^+] + k) + \frac{P_{aux}}{v}

    with the weight W, the resistance r and the friction f of the running engine relative to the weight, grades g that
    are normal about their mean, the kinetic energy k of stops by the metre, the efficiency :math:`\eta` and the share
    :math:`\rho` of braking work that is saved. A combustion engine follows a Willans line: its friction is work, its
    efficiency above that constant, so that its efficiency falls at part load, and overrun burns nothing.

    Parameters
    ----------
    drive
        The drive.
    mass_t
        Mass of the whole vehicle, t.
    resistance
        Its resistance on the level, N.
    speed_kmh
        Speed that is driven where the power allows it, km/h.
    grade
        Mean grade: rise over distance driven, below 0 downhill.
    altitude_m
        Elevation, m.
    grade_spread
        Standard deviation of the grades about their mean.

    Returns
    -------
    Floats
        The broadcast shape of the arguments. Below 0 where more is saved than used.

    References
    ----------
    Willans line: Rizzoni, G., Guzzella, L., Baumann, B. (1999), IEEE/ASME Transactions on Mechatronics 4(3), 246-257,
    eq. 3-5; engine friction and power for trucks: Barth, M., Younglove, T., Scora, G. (2005), UCB-ITS-PRR-2005-1,
    eq. 3.2-3.6.
    """
    weight = np.asarray(mass_t) * 1000.0 * GRAVITY
    above_km = np.maximum(np.asarray(altitude_m) - drive.derated_above_m, 0.0) / 1000.0
    power = drive.rated_kw * 1000.0 * np.maximum(1 - drive.power_loss_percent_per_km / 100 * above_km, 0.05)
    efficiency = drive.efficiency * np.maximum(1 - drive.efficiency_loss_percent_per_km / 100 * above_km, 0.05)
    wanted = np.asarray(speed_kmh) / 3.6
    speed = mean_speed(resistance, weight, np.asarray(grade), np.asarray(grade_spread), power, wanted)
    held_back = resistance.at(speed) + drive.friction_kw * 1000.0 / speed
    relative = held_back / weight
    stops = 0.5 * np.asarray(mass_t) * 1000.0 * speed**2 * drive.stops_per_100_km / 100_000.0
    traction = weight * mean_excess(relative + grade, grade_spread) + stops
    energy = traction / efficiency + drive.auxiliary_kw * 1000.0 / speed
    if drive.regeneration:
        energy = energy - drive.regeneration * (weight * mean_excess(-relative - grade, grade_spread) + stops)
    return np.asarray(energy * _J_PER_M_TO_MJ_PER_KM)
