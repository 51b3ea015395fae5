"""Verify an export: what was written is read back and compared with the wiki, leaf by leaf, and every link is followed.

A leaf is a piece of a page as every format has it: a paragraph, a heading, the content of a cell. One side reads leaves
from the files that were written, the other from the nodes of the page, without asking any writer.
"""
