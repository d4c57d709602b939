"""Analyses that solve a scenario repeatedly, such as sensitivity."""
