"""Domain pretraining: a LoRA on the shop's own documents and dialogue."""
