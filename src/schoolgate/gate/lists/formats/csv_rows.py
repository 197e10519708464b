"""A table with a heading row: a column `site` (or `name`, `domain`, `url`), and if you like `category` and `reason`."""

import csv
from collections.abc import Iterator
from pathlib import Path

from schoolgate.gate.core.categories import CATEGORIES
from schoolgate.gate.lists.entry import Entry, Read, Skipped
from schoolgate.gate.lists.lines import lines
from schoolgate.kernel.errors import Malformed

FORMAT = "csv"
NAMES_ITS_LISTS = False

_SITE_COLUMNS = ("site", "name", "domain", "url")


def read(path: Path) -> Iterator[Read]:
    """Yield an entry a row.

    Raises:
        Malformed: if no column holds sites, or the table breaks off.
    """
    rows = csv.DictReader(lines(path), strict=True)
    try:
        headings = {(heading or "").strip().lower(): heading for heading in rows.fieldnames or ()}
        column = next((headings[name] for name in _SITE_COLUMNS if name in headings), None)
        if column is None:
            raise Malformed(
                f"{path.name} has no column of sites; its columns are: {', '.join(headings) or 'none'}",
                f"name one of them {', '.join(_SITE_COLUMNS)}",
            )
        for row in rows:
            category = (row.get(headings.get("category", "")) or "").strip().lower()
            site = (row[column] or "").strip()
            if category and category not in CATEGORIES:
                yield Skipped(f"the category {category!r} is not known", site)
            elif site:
                yield Entry(site, category, category, (row.get(headings.get("reason", "")) or "").strip())
    except csv.Error as error:
        raise Malformed(f"{path.name}, line {rows.line_num}: {error}") from error
