"""Write what takes a wiki from the plugin *data* to the plugin *struct*: schemas, values, assignments, blocks."""
