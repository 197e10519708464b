"""What can be done about people: bring them in from the school's own system, with a difference first."""

from schoolgate.people.services.importing import (
    Change,
    Difference,
    TooManyLeavers,
    check_leavers,
    difference,
    import_rows,
)
from schoolgate.people.services.table import Row, read_csv

__all__ = ["Change", "Difference", "Row", "TooManyLeavers", "check_leavers", "difference", "import_rows", "read_csv"]
