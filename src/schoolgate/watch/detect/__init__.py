"""What a text may mean, by rules with context. Pure: no clock, no network, the same text gives the same answer."""

from schoolgate.watch.detect.detection import CATEGORIES, KINDS, NOTHING, Because, Detection
from schoolgate.watch.detect.detector import detect

__all__ = ["CATEGORIES", "KINDS", "NOTHING", "Because", "Detection", "detect"]
