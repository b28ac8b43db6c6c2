"""A diagnosis of an error message, one module a format."""
