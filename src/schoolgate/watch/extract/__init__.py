"""What somebody wrote, out of what the gate saw of it.

A source is one TOML file in `sources/`, discovered by its folder:

    hosts   names; a subdomain of a name counts too; `google.*` stands for every country's ending
    paths   where searches are answered: exact, or with `*` at the end. Suggestions while typing live elsewhere
    params  names of the query parameters that may hold the words, the first that is there counts
    path_text  instead of params: the words stand in the path, at `{text}`
    unless  {parameter: [values]}: a request that is no search of a person
    kind    "search" when nothing is said
"""

from schoolgate.watch.extract.extractor import Source, Text, read, shipped, texts

__all__ = ["Source", "Text", "read", "shipped", "texts"]
