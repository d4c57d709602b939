"""Table schemas of a study, and the reader, checker and writer that use them."""
