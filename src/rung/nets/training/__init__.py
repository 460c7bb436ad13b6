"""What every training shares: schedule, checkpoint, threads, devices."""
