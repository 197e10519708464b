"""Reading the rules takes most of a second: it is done once, before the first test."""

from schoolgate.watch.detect import scanner

scanner.shipped()
