"""What is read off the built convolution: counts, exactness conditions, degrees of freedom."""
