"""Rewrite pages of one flavour of markup in another, so that DokuWiki reads the same from them."""

from dokuwiki_data.rewriting.pages import RewrittenPage, rewrite
from dokuwiki_data.rewriting.wikis import RewrittenWiki, rewrite_wiki

__all__ = ["RewrittenPage", "RewrittenWiki", "rewrite", "rewrite_wiki"]
