"""The tree of files in both READMEs, one line a file: `python docs/tree.py` rewrites it.

What a line says is the first line of the file itself; `tree.toml` says it for files that cannot.
"""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
BLOCK = re.compile(r"(?<=<!-- tree -->\n)(.*)(?=<!-- /tree -->)", re.DOTALL)
COMMENT = re.compile(r"^(?:#(?!!)|//|/\*)\s*(.*?)(?:\s*\*/)?$")
WIDTH = 34


@dataclass(frozen=True, slots=True)
class Words:
    """What `tree.toml` says: of folders in both languages, and of files by name or pattern."""

    folders: Mapping[str, Mapping[str, str]]
    files: Mapping[str, str]

    @classmethod
    def load(cls) -> Words:
        """From the file beside this one."""
        table = tomllib.loads((ROOT / "docs" / "tree.toml").read_text("utf-8"))
        return cls(table["folders"], table["files"])

    def of_file(self, path: str) -> str | None:
        """What is said of a file, exact names before patterns."""
        stem = PurePosixPath(path).stem
        patterns = [path, *(key for key in self.files if fnmatch(path, key))]
        return next((self.files[key].replace("{stem}", stem) for key in patterns if key in self.files), None)


def tracked() -> list[str]:
    """The files of the repository, as git knows them."""
    command = ["git", "-c", "core.quotePath=off", "ls-files"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in done.stdout.splitlines() if (ROOT / path).is_file()]


def tree(language: str, paths: Iterable[str]) -> str:
    """The block between the marks of a README."""
    lines = "\n".join(_lines(sorted(map(PurePosixPath, paths)), PurePosixPath("."), Words.load(), language))
    return f"```text\n{lines}\n```\n"


def _lines(paths: list[PurePosixPath], folder: PurePosixPath, words: Words, language: str) -> Iterator[str]:
    """Files first, then folders, in the order of `tree.toml` where it has one."""
    depth = len(folder.parts)
    for path in paths:
        if path.parent == folder:
            yield _line(path.name, description(str(path), words), depth)
    order = list(words.folders)
    inner = {PurePosixPath(*path.parts[: depth + 1]) for path in paths if len(path.parts) > depth + 1}
    for child in sorted(inner, key=lambda each: (_rank(order, str(each)), each)):
        yield _line(f"{child.name}/", words.folders.get(str(child), {}).get(language, ""), depth)
        yield from _lines([path for path in paths if child in path.parents], child, words, language)


def _rank(order: list[str], folder: str) -> int:
    return order.index(folder) if folder in order else len(order)


def _line(name: str, text: str, depth: int) -> str:
    return f"{'  ' * depth + name:<{WIDTH}}  {text}".rstrip()


def description(path: str, words: Words) -> str:
    """One line on a file: from `tree.toml`, else from its own beginning."""
    found = words.of_file(path) or _own(ROOT / path) or _mirrored(path)
    if not found:
        raise SystemExit(
            f"{path}: has no first line that says what it is; write one, or name it in docs/tree.toml"
        )
    return found.removesuffix(".")


def _own(path: Path) -> str | None:
    """The first line of a docstring, a heading or a comment."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
    if path.suffix == ".md":
        return next((line.lstrip("# ") for line in text.splitlines() if line.startswith("# ")), None)
    return _comment(text)


def _comment(text: str) -> str | None:
    """The first sentence of the comment that a file begins with."""
    lines = []
    for line in text.splitlines():
        if match := COMMENT.match(line):
            lines.append(match[1])
        elif not line.startswith("#!"):
            break
    return re.split(r"(?<=[.:;]) ", " ".join(lines))[0].rstrip(".:;") or None


def _mirrored(path: str) -> str | None:
    """A test without a word of its own tests the file that it mirrors."""
    mirrored = re.sub(r"^tests/(.*)test_(\w+\.py)$", r"\1\2", path)
    return f"tests of {mirrored}" if mirrored != path and (ROOT / mirrored).is_file() else None


def main() -> None:
    """Rewrite the tree in both READMEs."""
    paths = tracked()
    for language, readme in READMES.items():
        before, _, after = BLOCK.split(readme.read_text("utf-8"))
        readme.write_text(before + tree(language, paths) + after, "utf-8")


if __name__ == "__main__":
    main()
