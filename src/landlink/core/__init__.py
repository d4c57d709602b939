"""What every floor may use and no planner ever sees: errors, progress, sums, compilation, atomic files."""
