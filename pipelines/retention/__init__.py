"""What may go, and when: old runs' data, worktrees, remembered work, logs. Never what a version needs."""
