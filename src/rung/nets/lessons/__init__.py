"""Small trainings that are there to be looked at."""
