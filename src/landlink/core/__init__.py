"""Infrastructure without domain knowledge, used by all packages: errors, progress, sums, compilation, atomic files."""
