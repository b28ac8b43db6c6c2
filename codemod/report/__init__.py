"""What people and programs read: one module a format, nothing decided here."""
