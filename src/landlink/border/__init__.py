"""Border crossings as pipelines of stages: simulated, held to health rules and brought back to full traffic."""
