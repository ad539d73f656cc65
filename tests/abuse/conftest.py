from tests.test_urls import stage

__all__ = ["stage"]
