"""An MLflow run per DAG run, a model version per adapter, and the steward's decision."""
