"""Static files as collected: css/app.css and js/app.js hold the text of the files they name.

The sources stay one file per component and need no build; a first view costs one CSS and one JS request.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(
    r"""^@import\s+url\(\s*["']?([\w./-]+)["']?\s*\)\s*layer\(([\w.-]+)\)\s*;[ \t]*$""", re.MULTILINE
)
REQUIRE = re.compile(r"""^//\s*@require\s+["']([\w./-]+)["'];?[ \t]*$""", re.MULTILINE)


def flat_css(path: Path) -> str:
    """The stylesheet with each `@import url("x.css") layer(y);` replaced by the file's text in that layer."""
    return IMPORT.sub(
        lambda match: f"@layer {match[2]} {{\n{beside(path, match[1])}\n}}", path.read_text("utf-8")
    )


def flat_js(path: Path) -> str:
    """The script with each `// @require "x.js"` replaced by the file's text."""
    return REQUIRE.sub(lambda match: beside(path, match[1]), path.read_text("utf-8"))


def beside(path: Path, name: str) -> str:
    return (path.parent / name).read_text("utf-8").strip()


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    bundles = {"css/app.css": flat_css, "js/app.js": flat_js}

    def post_process(
        self,
        paths: dict[str, Any],
        dry_run: bool = False,  # noqa: FBT001, FBT002
        **options: Any,
    ) -> Iterator[Any]:
        if not dry_run:
            paths |= self.bundled(paths)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def bundled(self, paths: dict[str, Any]) -> dict[str, Any]:
        """Write each bundle beside the collected files, made from its sources; return where it is."""
        sources = {name: Path(paths[name][0].path(paths[name][1])) for name in self.bundles if name in paths}
        for name, source in sources.items():
            Path(self.path(name)).write_text(self.bundles[name](source), "utf-8")
        return {name: (self, name) for name in sources}
