"""Train micrograd's moons with micrograd, with plain Values, and with a compiled program."""
