"""Changes of displayed formulas that leave them true, one file for each theorem that has any."""
