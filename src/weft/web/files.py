"""The built files of the web interface, as they lie beside this module."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

BUILT = Path(__file__).parent / "dist"

STAMP = ".sources"  # says which sources it was built from (ui/build.py)

ASSETS = "/assets/"
INDEX = "/index.html"

# Names of assets have a hash of what is in them, so that one name never means anything else.
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

NOT_BUILT = b"""<!doctype html>
<html lang="en">
<title>Weft</title>
<h1>The web interface is not built</h1>
<p>The API works. For the pages, run <code>scripts/ui</code> in the checkout and load this again.</p>
"""


@dataclass(frozen=True, slots=True)
class File:
    """Its bytes are read when they are asked for. `zipped` is beside the file if there is one."""

    path: Path
    headers: Mapping[str, str]
    zipped: bool


def find_files(folder: Path = BUILT) -> dict[str, File]:
    """By path, as in a URL. Empty if nothing is built."""
    hidden = (".gz", STAMP)
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(hidden)]
    return {f"/{path.relative_to(folder).as_posix()}": _file(path, folder) for path in paths}


def _file(path: Path, folder: Path) -> File:
    immutable = f"/{path.relative_to(folder).as_posix()}".startswith(ASSETS)
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers = {
        "Content-Type": f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type,
        "Cache-Control": FOREVER if immutable else ASK_AGAIN,
        "ETag": f'"{sha256(path.read_bytes()).hexdigest()[:32]}"',
    }
    return File(path, headers, path.with_name(f"{path.name}.gz").is_file())
