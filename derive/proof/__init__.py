"""What counts as evidence for a sentence, and how a theorem is read, run and given its status."""
