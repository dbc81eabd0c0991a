"""Lessons of the course: one module for the numbers of each."""
