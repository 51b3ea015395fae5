"""A data wiki as a data frame: the answer to a query, or every value of many wikis.

    pip install 'dokuwiki-data[duckdb,pandas,parquet]'
    python examples/data_frame.py examples/wiki

Give it your own wiki (a folder or an archive), or several: they are asked as if they were one, and the column
``%wiki%`` says which one a row is from.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable

import pandas

import dokuwiki_data as dw
from dokuwiki_data.dataset.reading import Dataset
from dokuwiki_data.dataset.writing import add_wiki

#: What the data plugin would show as a table. Types come from the columns' names: ``reviewed`` is a ``_dt``, a date.
REVIEWS = dw.Query.select(
    "%wiki%", "%pageid%", "type", "reviewed_dt", "maturity", where=dw.col("reviewed_dt") != "", sort="reviewed_dt"
)

#: The same values for those who think in SQL: a row for each value of each page.
MATURITY = """
    SELECT wiki, of.value AS type, count(*) AS pages, avg(values.number) AS maturity
    FROM entries AS values JOIN entries AS of USING (wiki, page_id)
    WHERE values.key = 'maturity' AND of.key = 'type' AND values.is_last AND of.is_last
    GROUP BY ALL ORDER BY ALL
"""


def frames(wikis: Iterable[str], folder: str) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    """What the two questions have to say about some wikis, which are kept as Parquet in a folder."""
    for wiki in wikis:
        add_wiki(folder, wiki)
    dataset = Dataset(folder)
    return dataset.evaluate(REVIEWS).to_pandas(), dataset.connect().execute(MATURITY).df()


def main() -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as folder:
        for frame in frames(sys.argv[1:], folder):
            print(frame, end="\n\n")


if __name__ == "__main__":
    main()
