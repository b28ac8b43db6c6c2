"""Follows the environment and its bindings through the code of one Worker."""
