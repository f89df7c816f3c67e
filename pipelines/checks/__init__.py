"""Great Expectations on every table that a stage writes."""
