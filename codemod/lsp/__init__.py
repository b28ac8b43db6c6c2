"""The language server: findings, quick fixes and hovers while a person types.

``server`` speaks the protocol and decides nothing; the other modules turn what is known of a
folder into the protocol's data. Nothing here writes a file: editors are handed edits.
"""
