"""Compiling the rules takes longer than a test may: it is done once, before the first one."""

from schoolgate.watch.detect import scanner

scanner.shipped()
