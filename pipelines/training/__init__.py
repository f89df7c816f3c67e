"""What pretrain and tune share: encoding, packing, the loss, ZeRO, checkpoints, the trainer's process."""
