"""What the runtime made of the calls between Workers: one module a format."""
