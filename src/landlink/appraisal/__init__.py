"""Whether measures are worth their cost, and to whom: flows of costs and benefits by year, country and group."""
