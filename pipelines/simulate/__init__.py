"""`make simulate`: the sample company, week after week, through the real DAG on servers of its own."""
