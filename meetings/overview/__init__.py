"""What is still missing until a company's first meeting, and what its admin must look at once it meets."""

from meetings.overview.read import overview
from meetings.overview.values import Overview

__all__ = ["Overview", "overview"]
