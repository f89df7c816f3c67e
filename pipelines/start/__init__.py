"""What a training starts from: the base and every row, or the champion and what is new to it."""
