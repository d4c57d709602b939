"""Scripts that build what the repository carries; none of them is part of the package."""
