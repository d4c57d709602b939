"""Named numbers of a result: their definitions, their expressions and their units."""
