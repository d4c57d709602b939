"""Build the data of the whole world again."""

from tools.world import borders, countries, currencies

countries.build()
currencies.build()
borders.build()
