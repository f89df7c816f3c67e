"""Train, validation and test: nothing held out is trainable."""
