"""Shortest paths: kernels over plain arrays, and the routes they give."""
