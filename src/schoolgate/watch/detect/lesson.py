"""What grading a session needs to know of a text besides its own grade."""

from functools import lru_cache

from schoolgate.watch.detect import scanner
from schoolgate.watch.detect.detection import Detection
from schoolgate.watch.detect.views import views


def themes(detection: Detection) -> frozenset[str]:
    """The steps of a course of events that this detection is one of."""
    by_id = scanner.shipped().by_id
    return frozenset(by_id[one.rule].theme for one in detection.because if one.rule in by_id) - {""}


def is_own(detection: Detection) -> bool:
    """Tell whether a rule that counted is about the writer: no lesson explains that away."""
    by_id = scanner.shipped().by_id
    return any(one.rule in by_id and by_id[one.rule].firm for one in detection.because)


@lru_cache(maxsize=4096)
def is_schoolwork(text: str) -> bool:
    """Tell whether a text says that it is for school ("gcse", "worksheet", "ks2")."""
    scan = scanner.shipped()
    return scan.names_class(views(text, scan.book.spelling)[0].words, "homework")
