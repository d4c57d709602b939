"""Acceleration of fixed-point iterations."""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.sums import dot

#: Differences whose component orthogonal to the others is below this share are left out.
SPANNED: Final = 1e-12


class Extrapolation:
    """Anderson's (1965) extrapolation: the mixture of the last points that minimises the mixed residuals.

    Parameters
    ----------
    memory
        Number of points to keep.
    """

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._points: list[Floats] = []
        self._residuals: list[Floats] = []

    def __len__(self) -> int:
        return len(self._points)

    def add(self, point: Floats, residual: Floats) -> None:
        """Add a point and its residual, the difference to its image."""
        self._points = [*self._points, point][-self._memory :]
        self._residuals = [*self._residuals, residual][-self._memory :]

    def forget(self) -> None:
        """Drop all points but the last."""
        self._points, self._residuals = self._points[-1:], self._residuals[-1:]

    def next(self, step: float, weight: Floats) -> Floats:
        """Compute the next point to try.

        Parameters
        ----------
        step
            Share of the residual to add to the mixture.
        weight
            Weight of the squared residual of each entry.
        """
        point, residual = self._points[-1], self._residuals[-1]
        target: Floats = point + step * residual
        if len(self) < 2:
            return target
        moves, changes = np.diff(np.array(self._points), axis=0), np.diff(np.array(self._residuals), axis=0)
        matrix = np.array([[dot(weight * a, b) for b in changes] for a in changes])
        right = np.array([dot(weight * a, residual) for a in changes])
        scale = 1 / np.sqrt(np.maximum(np.diag(matrix), np.finfo(float).tiny))
        share = scale * np.linalg.lstsq(matrix * scale[:, None] * scale, right * scale, rcond=SPANNED)[0]
        for part, move, change in zip(share, moves, changes, strict=True):
            target -= part * (move + step * change)
        return target
