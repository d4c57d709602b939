"""Other people's files in and out: GMNS in; GeoPackage, GeoParquet, CSV and Excel out.

The writers take plain tables (frames by name) and the geometry their columns hold, so they serve results and studies
alike. The reader makes a study folder out of a network that somebody else has made.
"""
