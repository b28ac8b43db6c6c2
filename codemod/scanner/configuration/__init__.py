"""The parts of a wrangler configuration: its tables, bindings, entry, and how they join."""
