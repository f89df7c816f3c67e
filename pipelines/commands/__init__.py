"""The command line, a module a subject; each has `add`, and imports what a command needs when it runs."""
