"""The theorems by other roads, a file each: what has to hold too, and counts for nothing."""
