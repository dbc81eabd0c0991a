"""The faults, one module per topic: ``FAULTS`` maps what a fault is to a patch and its sentence.

An entry reads ``fault: ((owner, attribute, replacement), (theorem, words of the red sentence))``.
"""
