"""A package by name, so that no `tests` that another code installs is taken for it."""
