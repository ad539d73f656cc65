"""Rules of the whole product: pure functions over values."""
