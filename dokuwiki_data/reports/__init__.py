"""Reports about a wiki: what is in it, what is broken in it, and what a migration would lose."""
