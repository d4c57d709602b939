"""File formats of other programs: GMNS input; GeoPackage, GeoParquet, CSV, Excel and Open Matrix output.

The writers take plain tables (frames by name) with geometries in their columns, and serve results and studies alike.
The GMNS reader creates a study folder from a network.
"""
