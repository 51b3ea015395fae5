"""What a page can be turned into: one function each, from a module each. For tables see `tables`."""

from dokuwiki_data.render.entry_block import entry_block
from dokuwiki_data.render.instruction_list import instructions
from dokuwiki_data.render.printing import EditError, markup
from dokuwiki_data.render.record import json, json_schema

__all__ = ["EditError", "entry_block", "instructions", "json", "json_schema", "markup"]
