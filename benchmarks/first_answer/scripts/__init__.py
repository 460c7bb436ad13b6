"""What runs in a process of its own, for one tool each."""
