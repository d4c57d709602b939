"""landlink: an open planning workbench for cross-border corridors."""
