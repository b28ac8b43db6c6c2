"""What an import specifier leads to: packages, path mappings, and what is known of packages."""
