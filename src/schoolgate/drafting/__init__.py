"""Read a policy's words: its sentences, its defects, and what each sentence is bound to.

Pure, apart from `reading`, which opens the one file it is given: no clock, no
network, no model. Each answer carries its reason, because a person confirms it.
"""
