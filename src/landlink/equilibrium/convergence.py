"""The convergence criterion of a solution, by its certificate alone."""

from __future__ import annotations

from typing import Final

from landlink.equilibrium.certificate import Certificate
from landlink.equilibrium.stochastic_certificate import StochasticCertificate

#: Tolerances for rounding: imbalance at a node relative to a class's demand, and error of delays.
CONSERVED: Final = 1e-9


def is_converged(certificate: Certificate | StochasticCertificate, target: float) -> bool:
    """Whether flows reach a relative gap, are conserved, and are the response to the stated delays.

    Parameters
    ----------
    certificate
        Certificate of the flows.
    target
        Target of the relative gap.
    """
    sound = certificate.conservation <= CONSERVED
    if isinstance(certificate, StochasticCertificate):
        sound = sound and certificate.response_error <= CONSERVED
    return bool(sound and certificate.relative_gap <= target)
