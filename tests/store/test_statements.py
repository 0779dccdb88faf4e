"""No statement is put together from texts: values go to the database apart from its words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import app

ROOT = Path(app.__file__).parent
RUNS = {"text", "execute", "executemany", "executescript", "exec_driver_sql"}
IN_PLACE = {"openers.py": ["PRAGMA"]}
"""What takes no parameters on SQLite, and is made of our own constants."""


def _put_together(tree: ast.AST) -> Iterator[str]:
    """The source of each first argument of a statement that is no constant text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in RUNS and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
                yield ast.unparse(node.args[0])
            if name in RUNS and isinstance(node.args[0], ast.Call):
                called = node.args[0].func
                if getattr(called, "attr", "") in {"format", "join", "replace"}:
                    yield ast.unparse(node.args[0])


def test_no_statement_is_put_together_from_texts() -> None:
    found = {
        (file.name, words)
        for file in ROOT.rglob("*.py")
        for words in _put_together(ast.parse(file.read_text("utf-8")))
        if not any(words.startswith(f"f'{begin}") for begin in IN_PLACE.get(file.name, []))
    }

    assert found == set()


def test_a_statement_that_is_put_together_would_be_found() -> None:
    source = "tx.execute(f'SELECT {x}')\ntext('SELECT ' + x)\nc.execute('{}'.format(x))\ntext('x')"

    assert len(list(_put_together(ast.parse(source)))) == 3
