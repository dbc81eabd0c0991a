"""Published networks, one file each: a docstring, the layers as text, and the figures in print.

``derive.parse.network`` and ``derive.models.network`` say how layers are written.
"""
