"""What an agreed mix holds, as it is stored in an agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from deals.rules.mix import Band, Bands, Target

SUBJECT = "mix"


@dataclass(frozen=True, slots=True)
class MixTerms:
    """The target in whole per cent, one sentence why, and the bands it was agreed with."""

    target: Target
    why: str
    bands: Bands

    def as_content(self) -> dict[str, Any]:
        return {
            **{str(band): self.target[band] for band in Band},
            "why": self.why,
            "mid_from": f"{self.bands.mid_from:.2f}",
            "big_from": f"{self.bands.big_from:.2f}",
        }

    @property
    def shares_in_words(self) -> str:
        """ "small 20%, mid-size 50%, big 30%" """
        return ", ".join(f"{band.label.lower()} {self.target[band]}%" for band in Band)

    @property
    def in_words(self) -> str:
        return f"{self.shares_in_words.capitalize()}. “{self.why}”"

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> MixTerms:
        bands = Bands(Decimal(content["mid_from"]), Decimal(content["big_from"]))
        return cls({band: content[band.value] for band in Band}, content["why"], bands)
