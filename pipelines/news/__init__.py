"""Whether what is new since the champion is worth a training, and what that training starts from."""
