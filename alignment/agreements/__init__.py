"""Lines that the CEO and the sales leader agree: what they may be about, and how one is proposed and answered."""
