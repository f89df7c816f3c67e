"""Base, champion and candidate on what was held out, and the gate's verdict."""
