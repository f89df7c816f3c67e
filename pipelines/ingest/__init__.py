"""Logs of any known shape become one encrypted table of conversations a source file."""
