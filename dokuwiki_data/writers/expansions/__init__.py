"""Expansions: what markup of plugins stands for, as nodes, so that every writer can write it.

A list of pages becomes a list of links, an included page its sections, a gallery its images.
"""

from __future__ import annotations

from dokuwiki_data.writers.expansions import (
    captions,
    data_templates,
    diagrams,
    gallery,
    inclusion,
    page_index,
    tags,
    video,
)
from dokuwiki_data.writers.expansions.expansion import Expand

#: What makes the nodes for a node of a class, given the page that is resolved.
EXPANSIONS: dict[type, Expand] = {
    **captions.EXPANSIONS,
    **data_templates.EXPANSIONS,
    **diagrams.EXPANSIONS,
    **gallery.EXPANSIONS,
    **inclusion.EXPANSIONS,
    **page_index.EXPANSIONS,
    **tags.EXPANSIONS,
    **video.EXPANSIONS,
}
