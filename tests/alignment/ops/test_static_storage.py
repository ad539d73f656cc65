from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from alignment.ops.static_storage import flat_css, flat_js

CSS = '@layer reset, base;\n@import url("reset.css") layer(reset);\n@import url("base.css") layer(base);\n'


@pytest.fixture
def sources(tmp_path) -> Path:
    for folder in ("css", "js", "img"):
        (tmp_path / "src" / folder).mkdir(parents=True)
    src = tmp_path / "src"
    (src / "css/app.css").write_text(CSS)
    (src / "css/reset.css").write_text("* { margin: 0 }\n")
    (src / "css/base.css").write_text('main { background: url("../img/dot.svg") }\n')
    (src / "img/dot.svg").write_text("<svg/>")
    (src / "js/app.js").write_text('// @require "clock.js"\n{ start(); }\n')
    (src / "js/clock.js").write_text("{ tick(); }\n")
    return src


def test_css_imports_become_layers_in_their_order(sources):
    flat = flat_css(sources / "css/app.css")
    assert flat.startswith("@layer reset, base;\n@layer reset {\n* { margin: 0 }\n}")
    assert "@import" not in flat


def test_js_requires_become_the_text_of_the_file(sources):
    assert flat_js(sources / "js/app.js") == "{ tick(); }\n{ start(); }\n"


@pytest.fixture
def collect(sources, settings, tmp_path):
    settings.STATICFILES_DIRS = [sources]
    settings.STATIC_ROOT = tmp_path / "out"
    backend = {"BACKEND": "alignment.ops.static_storage.BundledStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": backend}
    settings.INSTALLED_APPS = ["django.contrib.staticfiles"]
    return lambda: call_command("collectstatic", interactive=False, verbosity=0)


def hashed(pattern: str) -> list[Path]:
    return sorted(Path(settings.STATIC_ROOT).glob(pattern))


def test_the_collected_bundle_is_named_by_its_whole_content(collect, sources):
    collect()
    (first,) = hashed("css/app.*.css")
    assert "../img/dot." in first.read_text()
    assert (first.parent / f"{first.name}.gz").exists() or len(first.read_text()) < 200
    (sources / "css/reset.css").write_text("* { margin: 1px }\n")
    collect()
    assert len(hashed("css/app.*.css")) == 2


def test_a_missing_part_stops_the_collection(collect, sources):
    (sources / "js/clock.js").unlink()
    with pytest.raises(FileNotFoundError, match=r"clock\.js"):
        collect()
