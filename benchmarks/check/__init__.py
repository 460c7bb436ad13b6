"""How much of what is wrong with real tables `rung check` finds, and how much it imagines."""
