"""Writers: what turns a page of a wiki into another format.

A writer starts from a `ResolvedPage`, which knows where links lead, how notes and headings are numbered and what
queries answer. So a writer asks the wiki nothing.
"""
