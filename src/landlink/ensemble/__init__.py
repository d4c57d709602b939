"""Many solves at once: members, storage, resuming, worker processes, and what an ensemble says of a figure."""
