"""How fast the house is, beside a floor that does the least possible: `python3 run.py bench`."""
