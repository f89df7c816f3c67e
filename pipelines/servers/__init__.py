"""Airflow and MLflow on this machine: start, stop, look. Loopback only."""
