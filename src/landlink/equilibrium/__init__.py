"""Equilibrium: flows and costs that agree, and the certificate that says how well."""
