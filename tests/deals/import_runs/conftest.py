import pytest


@pytest.fixture(autouse=True)
def stored_files(settings, tmp_path):
    """Uploads of a test are files of its own."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "imports"
