"""Plain traffic assignment for researchers: a road network, a trip table, flows and skims."""
