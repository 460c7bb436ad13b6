"""What it saves to train many networks as one."""
