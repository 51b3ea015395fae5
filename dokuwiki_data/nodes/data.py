"""tmp"""
from dokuwiki_data.nodes.base import Node, node
@node
class DataEntry(Node):
    classes: tuple[str,...]
    fields: tuple[str,...]
@node
class DataQuery(Node):
    kind: str
