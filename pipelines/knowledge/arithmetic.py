"""Integer expressions such as `n * 30 // 100`: names, + - * // and brackets, nothing else."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

OPERATORS: dict[type[ast.AST], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


def evaluate(expression: str, names: Mapping[str, int]) -> int:
    """The value of `expression`; ValueError says what in it is not allowed, unknown, or divided by 0."""
    try:
        return _value(ast.parse(expression, mode="eval").body, names)
    except SyntaxError:
        raise ValueError(f"{expression!r} is not an expression") from None
    except ZeroDivisionError:
        raise ValueError(f"{expression!r} divides by 0") from None


def _value(node: ast.AST, names: Mapping[str, int]) -> int:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    if isinstance(node, ast.Name):
        if node.id in names:
            return names[node.id]
        raise ValueError(f"the name {node.id!r} is not known")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, names)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.left, names), _value(node.right, names))
    raise ValueError(f"{ast.unparse(node)!r} is not allowed: integers, names, + - * // and brackets are")
