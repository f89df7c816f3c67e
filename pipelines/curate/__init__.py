"""Log turns and FAQ become examples, documents and dialogue become the corpus; bad replies go."""
