"""What may go, and when: old runs' data, worktrees, remembered work, logs, what a rejected version holds."""
