"""Further words of a theorem file: exact kernels, their ranks and factors, and small designs.

They need python-flint, which the page of your own line has not; theorems that do without them are
proved there too.
"""

from derive.algebra.factorize import contracted, kernel_with, realizes
from derive.algebra.finite import contractions
from derive.algebra.kernel import FULL, Index, Kernel
from derive.algebra.matrix import Number, rank, rank_factors, Rows
from derive.proof.membership import Members
from derive.proof.samples import all_kernels, seeded, Sized, Sizes
from derive.proof.slices import by_corners, by_eigenvalues, companion, ones_added, three_ones
