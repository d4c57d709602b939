"""Data of the whole world that ships with landlink: countries with their names, and their borders.

``python -m tools.world`` builds all of it again, with Python's package manager and npm to fetch the sources.
"""
