"""The binding map: Workers, the bindings between them, and what needs fixing."""
