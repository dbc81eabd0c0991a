"""The sets of kernels that the designs of the book represent: ``from derive.proof.sets import *``.

With them come the families that they are made of, so that a theorem about the sets is about these.
"""

from derive.families import (
    asymmetric,
    asymmetric_horizontal_first,
    blueprint_separable,
    cp,
    depthwise_asymmetric_separable,
    depthwise_separable,
    flattened,
    tensor_train,
    tucker_2,
)
from derive.notation.letters import C_in, C_out, R
from derive.proof.designs import Kernels

FLATTENED = Kernels("flattened", r"\mathrm{flattened}", flattened)
BSCONV = Kernels("BSConv", r"\mathrm{BSConv}", blueprint_separable)
DAS = Kernels("DAS", r"\mathrm{DAS}", depthwise_asymmetric_separable)
DWS = Kernels("DWS", r"\mathrm{DWS}", depthwise_separable, M=1)
CP_IN = Kernels("CP_C_in", r"\mathrm{CP}_{C_{\mathrm{in}}}", cp, R=C_in)
CP_OUT = Kernels("CP_C_out", r"\mathrm{CP}_{C_{\mathrm{out}}}", cp, R=C_out)
CP_R = Kernels("CP_R", r"\mathrm{CP}_R", cp, R=R)
TRAIN = Kernels("TT_RRR", r"\mathrm{TT}_{R,R,R}", tensor_train, Q=R, P=R, R=R)
TUCKER = Kernels("Tucker_RR", r"\mathrm{Tucker}_{R,R}", tucker_2, Q=R, P=R)
PAIR_IN, PAIR_OUT, PAIR_R = (
    Kernels(f"Asym_{name}", rf"\mathrm{{Asym}}_{tex}", asymmetric, asymmetric_horizontal_first, m=m)
    for name, tex, m in (
        ("C_in", r"{C_{\mathrm{in}}}", C_in),
        ("C_out", r"{C_{\mathrm{out}}}", C_out),
        ("R", "R", R),
    )
)
