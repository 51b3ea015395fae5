"""Queries of the data plugin as Bases of Obsidian, whose filters are asked again whenever a note changes.

What Bases can say is told by Obsidian's help (https://help.obsidian.md/bases/syntax,
https://help.obsidian.md/bases/functions, https://help.obsidian.md/bases/views).
"""
