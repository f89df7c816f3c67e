"""Paraphrases and boundary cases, for train only, and the check that nothing held out is trained on."""
