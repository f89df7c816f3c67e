"""`make up PROFILE=cluster`: the servers of several machines, all on this one, each with a folder of its own.

PostgreSQL below Airflow and MLflow, Redis as Celery's broker, S3 as DVC remote and artifact store, a git
repository that all reach, and two Celery workers. Loopback only.
"""
