"""Documents people print and keep: PDF and QR codes, made from what Dalil says."""
