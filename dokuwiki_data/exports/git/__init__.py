"""The history of a wiki as that of a git repository: a commit for each change, as a stream for ``git fast-import``."""
