"""What users type, read with clear errors and never evaluated."""
