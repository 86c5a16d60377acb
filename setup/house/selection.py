"""Which tests: what a person writes, turned into the tags of Odoo's test runner."""

import ast
from functools import cache

from .state import CHECKOUT

NAMED = (ast.ClassDef, ast.FunctionDef)


def tags(names):
    return ",".join(f"/{name}" for name in names)


def matching(names, word):
    """Return {addon: tags} of the tests whose ``file::Class.method`` contains ``word``."""
    found = {}
    for name in names:
        for file, owner, method in _tests(name):
            if word.lower() in f"{file}::{owner}.{method}".lower():
                found.setdefault(name, []).append(f"/{name}:{owner}.{method}")
    return found


def root_tests():
    """Return the files of tests/ that hold tests."""
    return sorted(str(path.relative_to(CHECKOUT)) for path in (CHECKOUT / "tests").glob("test_*.py"))


def has(file, word):
    """Tell whether a test of this file, or the file itself, has the word in its name."""
    path = CHECKOUT / file.partition("::")[0]
    words = [
        path.stem,
        *(node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, NAMED)),
    ]
    return any(word.lower() in name.lower() for name in words)


def http_tests(names):
    """Tell whether tests of these addons need a browser."""
    words = ("HttpCase", "start_tour", "browser_js")
    return any(
        any(word in path.read_text() for word in words)
        for name in names
        for path in (CHECKOUT / name / "tests").glob("*.py")
    )


@cache
def _tests(name):
    result = []
    for path in sorted((CHECKOUT / name / "tests").glob("test_*.py")):
        for owner in ast.parse(path.read_text()).body:
            if isinstance(owner, ast.ClassDef):
                methods = [
                    m.name for m in owner.body if isinstance(m, ast.FunctionDef) and m.name.startswith("test")
                ]
                result += [(path.stem, owner.name, method) for method in methods]
    return result
