"""Documents that pandoc writes: its program, the formats that it knows, and books of many pages."""
