"""Who shares Dalil."""
