"""From an error message to its causes, and to the places of a repository that produce it.

``messages`` is the table, ``recognition`` finds its messages in text, ``places`` asks the rules.
"""
