"""A plan to files: guards, an all-or-nothing transaction, and its undoing."""
