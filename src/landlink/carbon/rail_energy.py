"""Energy of freight trains: diesel and electric, with and without regeneration."""

from __future__ import annotations

import numpy as np

from landlink.carbon.drives import Drive, propulsion_mj_per_km
from landlink.carbon.motion import Resistance, air_share
from landlink.core.arrays import Floats

__all__ = ["gross_t", "mj_per_km", "train_resistance"]

_KMH_PER_MS = 3.6


def gross_t(drive: Drive, payload_t: Floats | float, wagons: Floats | float) -> Floats:
    """Mass of a train: payload, wagons and locomotives, t."""
    return np.asarray(np.asarray(payload_t) + np.asarray(wagons) * drive.tare_t + drive.locomotive_t)


def train_resistance(drive: Drive, mass_t: Floats, wagons: Floats | float, altitude_m: Floats) -> Resistance:
    r"""Resistance of a train on straight level track, N.

    .. math:: R = a_t M + a_w n + (b_t M + b_w n) v + c_w n\,\frac{\rho(h)}{\rho_0} v^2

    with the gross mass M in t, n wagons (and what the locomotives count as), and v in km/h: the form of Davis (1926),
    General Electric Review 29, 685-707, in which the coefficients of the AREMA manual and of the rules for traction of
    the 1520 mm and 1435 mm railways can be written alike.
    """
    count = np.asarray(wagons) + drive.locomotive_wagons
    linear = drive.davis_b_n_per_t_kmh * mass_t + drive.davis_b_n_per_wagon_kmh * count
    square = drive.davis_c_n_per_wagon_kmh2 * count * air_share(altitude_m)
    return Resistance(
        drive.davis_a_n_per_t * mass_t + drive.davis_a_n_per_wagon * count,
        linear * _KMH_PER_MS,
        square * _KMH_PER_MS**2,
    )


def mj_per_km(
    drive: Drive,
    payload_t: Floats | float,
    wagons: Floats | float,
    speed_kmh: Floats | float,
    grade: Floats | float = 0.0,
    altitude_m: Floats | float = 0.0,
    *,
    grade_spread: Floats | float = 0.0,
) -> Floats:
    """Energy of a train for a kilometre, MJ of its carrier.

    Parameters
    ----------
    drive
        A drive of the kind rail.
    payload_t
        Payload of the train, t; 0 for empty wagons.
    wagons
        Number of wagons.
    speed_kmh, grade, altitude_m, grade_spread
        As for :func:`landlink.carbon.drives.propulsion_mj_per_km`.

    Returns
    -------
    Floats
        The broadcast shape of the arguments. Below 0 where more is fed back than used.

    See Also
    --------
    landlink.carbon.drives.propulsion_mj_per_km : the equation.
    """
    altitude = np.asarray(altitude_m, dtype=np.float64)
    mass = gross_t(drive, payload_t, wagons)
    return propulsion_mj_per_km(
        drive, mass, train_resistance(drive, mass, wagons, altitude), np.asarray(speed_kmh), np.asarray(grade),
        altitude_m=altitude, grade_spread=np.asarray(grade_spread),
    )  # fmt: skip
