"""The places of wikis: folders, archives and memory behind one protocol, and the layouts of wikis in them."""
