"""General text: everyday knowledge in both languages, written for this project."""
