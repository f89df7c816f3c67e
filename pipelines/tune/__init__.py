"""Instruction tuning: the same LoRA goes on, now on answers."""
