"""`make demo`: a real Airflow run, watched in the terminal."""
