"""Indicators of a result: definitions, expressions and units."""
