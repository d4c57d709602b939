"""Build the data of the whole world again."""

from tools.world import countries

countries.build()
