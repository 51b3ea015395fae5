"""Move pages, namespaces and media files of a wiki, and rewrite everything that names them."""
