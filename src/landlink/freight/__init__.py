"""A study's freight on its network: classes and markets, crossing curves, flow summaries, warm starts."""
