"""Kefu: customer-service chat logs to a reviewed LoRA adapter, one folder a stage."""
