"""DokuWiki pages, the data plugin's blocks included, as typed objects."""
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.source import Source
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse_source
def parse(text, *, page_id="", modified=None, syntax=Syntax()):
    s=Source(text)
    content,last,odd=parse_source(s,syntax)
    return Page.at(s,1,len(s.read)-1,content,page_id,modified,(),last)
