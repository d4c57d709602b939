"""Where network, freight and borders meet: a scenario solved to equilibrium."""
