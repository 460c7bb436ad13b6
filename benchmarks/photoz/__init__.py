"""Measure photometric redshifts as astronomers do, and the gas of galaxies beside a course."""
