"""What a solved scenario holds, and how it is saved, opened, compared and exported."""
