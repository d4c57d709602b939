"""When an answer counts as converged, by its certificate alone."""

from __future__ import annotations

from typing import Final

from landlink.equilibrium.certificate import Certificate
from landlink.equilibrium.stochastic_certificate import StochasticCertificate

#: Largest share of a class's demand that may go missing at a node, and largest error of delays, by rounding.
CONSERVED: Final = 1e-9


def is_converged(certificate: Certificate | StochasticCertificate, target: float) -> bool:
    """Whether flows reach a relative gap, are conserved, and answer to the delays that they are said to answer to.

    Parameters
    ----------
    certificate
        Of the flows.
    target
        Relative gap that was asked for.
    """
    sound = certificate.conservation <= CONSERVED
    if isinstance(certificate, StochasticCertificate):
        sound = sound and certificate.response_error <= CONSERVED
    return bool(sound and certificate.relative_gap <= target)
