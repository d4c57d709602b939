"""Used by all packages: errors, progress, sums, compilation, atomic files, languages, countries."""
