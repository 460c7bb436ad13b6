"""How soon the GPT rung reaches the losses of the scripts that people copy."""
