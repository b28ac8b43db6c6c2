"""Lossless text: configuration documents, modules, edits and diffs. Knows nothing of Workers."""
