"""What lies in the landing zone, and whether something has come that no run was started for."""
