"""The sample company's chat logs: invented, seeded, with the true spans of personal data known exactly."""
