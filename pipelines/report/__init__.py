"""The page a data steward reads and signs."""
