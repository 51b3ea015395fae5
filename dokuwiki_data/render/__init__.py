"""What a page can be turned into: one function each, from a module each."""

from dokuwiki_data.render.instruction_list import instructions
from dokuwiki_data.render.record import json, json_schema

__all__ = ["instructions", "json", "json_schema"]
