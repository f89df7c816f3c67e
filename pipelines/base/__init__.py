"""Base models: packaged ones, from the hub, or a folder; prepared once, loaded by every room alike."""
