"""Build the data of the whole world again."""

from tools.world import borders, countries

countries.build()
borders.build()
