"""The equilibrium of a scenario: network, freight and border crossings solved together."""
