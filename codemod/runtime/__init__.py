"""The only part of wfix that starts processes; none of them ever runs the user's code."""
