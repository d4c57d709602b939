"""Energy of trucks: diesel, gas and battery."""

from __future__ import annotations

import numpy as np

from landlink.carbon.drives import Drive, propulsion_mj_per_km
from landlink.carbon.motion import GRAVITY, Resistance, air_density
from landlink.core.arrays import Floats

__all__ = ["mj_per_km", "truck_resistance"]


def truck_resistance(drive: Drive, mass_t: Floats, altitude_m: Floats) -> Resistance:
    r"""Resistance of a truck on the level, N: rolling :math:`c_{rr} m g` and air :math:`\tfrac12 \rho(h) c_d A v^2`.

    Parameters
    ----------
    drive
        A drive of the kind road.
    mass_t
        Mass of truck and payload, t.
    altitude_m
        Elevation, m: air is thinner in the mountains.
    """
    rolling = drive.rolling_coefficient * np.asarray(mass_t) * 1000.0 * GRAVITY
    return Resistance(rolling, np.zeros(()), 0.5 * drive.drag_area_m2 * air_density(altitude_m))


def mj_per_km(
    drive: Drive,
    payload_t: Floats | float,
    speed_kmh: Floats | float,
    grade: Floats | float = 0.0,
    altitude_m: Floats | float = 0.0,
    *,
    grade_spread: Floats | float = 0.0,
) -> Floats:
    """Energy of a truck for a kilometre, MJ of its carrier.

    Parameters
    ----------
    drive
        A drive of the kind road.
    payload_t
        Payload, t; 0 for an empty truck.
    speed_kmh, grade, altitude_m, grade_spread
        As for :func:`landlink.carbon.drives.propulsion_mj_per_km`.

    Returns
    -------
    Floats
        The broadcast shape of the arguments.

    See Also
    --------
    landlink.carbon.drives.propulsion_mj_per_km : the equation.
    """
    payload, altitude = np.asarray(payload_t, dtype=np.float64), np.asarray(altitude_m, dtype=np.float64)
    mass = drive.tare_t + payload
    return propulsion_mj_per_km(
        drive, mass, truck_resistance(drive, mass, altitude), np.asarray(speed_kmh), np.asarray(grade),
        altitude_m=altitude, grade_spread=np.asarray(grade_spread),
    )  # fmt: skip
