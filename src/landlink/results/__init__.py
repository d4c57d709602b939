"""Results of solved scenarios: saved, opened, compared and exported."""
