"""Who is told when a run fails, is late, drifts, is blocked or waits: one hook, several channels."""
