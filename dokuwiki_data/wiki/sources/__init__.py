"""Where wikis lie: folders, archives and memory behind one protocol (`files`), how a wiki lies in them (`layouts`)."""
