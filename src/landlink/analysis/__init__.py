"""Questions that are answered by solving again."""
