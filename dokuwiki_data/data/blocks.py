"""tmp"""
from dokuwiki_data.nodes.data import DataEntry, DataQuery
def data_block(source, start, end, head, tail):
    import re
    kind = re.match(r'-+ *data([a-z]+)', source.read[start:end])[1]
    if kind=='entry': return DataEntry.at(source,start,end,(),())
    return DataQuery.at(source,start,end,kind)
