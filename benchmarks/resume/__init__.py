"""Kill runs at random moments, resume them, and compare every byte."""
