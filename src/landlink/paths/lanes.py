"""SIMD rows for kernels: vectors with one lane for each source of a batch.

A row is loaded into vector registers, stays there through a kernel's inner loop and is stored once. Since compilers do
not reliably vectorise loops over lanes, the operations needed are defined here as LLVM vector instructions, which are
available on every processor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.extending import intrinsic, models, register_model

#: Number of sources in a batch.
LANES: Final = 32


class Row(types.Type):
    """A row of ``LANES`` numbers."""

    def __init__(self) -> None:
        super().__init__(name=f"Row({LANES})")


@register_model(Row)
class _RowModel(models.PrimitiveModel):
    """Represent a row as an LLVM vector."""

    def __init__(self, manager: Any, row: Row) -> None:
        super().__init__(manager, row, ir.VectorType(ir.DoubleType(), LANES))  # type: ignore[no-untyped-call]


ROW: Final = Row()
Code = tuple[Any, Callable[..., Any]]
_operation: Callable[[Callable[..., Code]], Callable[..., Any]] = intrinsic


@_operation
def read(typing: Any, array: Any, number: Any) -> Code:  # noqa: ARG001
    """The row of an array of shape (any, LANES)."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.load(_place(context, builder, signature, given), align=8)

    return ROW(array, number), code


@_operation
def write(typing: Any, array: Any, number: Any, row: Any) -> Code:  # noqa: ARG001
    """Store a row in an array of shape (any, LANES)."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        builder.store(given[2], _place(context, builder, signature, given), align=8)
        return context.get_dummy_value()

    return types.void(array, number, row), code


def _place(context: Any, builder: Any, signature: Any, given: Any) -> Any:
    """Address of a row of an array."""
    array = context.make_array(signature.args[0])(context, builder, given[0])
    number = context.cast(builder, given[1], signature.args[1], types.intp)
    start = builder.gep(array.data, [builder.mul(number, number.type(LANES))])
    return builder.bitcast(start, ir.VectorType(ir.DoubleType(), LANES).as_pointer())


@_operation
def filled(typing: Any, number: Any) -> Code:  # noqa: ARG001
    """A row with the same number in all lanes."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return _spread(builder, context.cast(builder, given[0], signature.args[0], types.float64))

    return ROW(number), code


@_operation
def plus(typing: Any, row: Any, number: Any) -> Code:  # noqa: ARG001
    """Sum of a row and a number, or of two rows, lane by lane."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:  # noqa: ARG001
        other = given[1] if isinstance(signature.args[1], Row) else _spread(builder, given[1])
        return builder.fadd(given[0], other)

    return ROW(row, number), code


@_operation
def minus(typing: Any, row: Any, other: Any) -> Code:  # noqa: ARG001
    """Difference of two rows, lane by lane."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:  # noqa: ARG001
        return builder.fsub(given[0], given[1])

    return ROW(row, other), code


@_operation
def least(typing: Any, row: Any, other: Any) -> Code:  # noqa: ARG001
    """Minimum of two rows, lane by lane."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:  # noqa: ARG001
        return builder.select(builder.fcmp_ordered("<", given[0], given[1]), given[0], given[1])

    return ROW(row, other), code


@_operation
def where_equal(typing: Any, one: Any, two: Any, row: Any, other: Any) -> Code:  # noqa: ARG001
    """Select lanes from one row where two others are equal, and from another elsewhere."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:  # noqa: ARG001
        return builder.select(builder.fcmp_ordered("==", given[0], given[1]), given[2], given[3])

    return ROW(one, two, row, other), code


@_operation
def is_zero(typing: Any, row: Any) -> Code:  # noqa: ARG001
    """Whether all lanes are 0."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:  # noqa: ARG001
        other = builder.fcmp_unordered("!=", given[0], _spread(builder, ir.Constant(ir.DoubleType(), 0.0)))
        lanes = builder.bitcast(other, ir.IntType(LANES))
        return builder.icmp_unsigned("==", lanes, lanes.type(0))

    return types.boolean(row), code


@_operation
def total(typing: Any, row: Any) -> Code:  # noqa: ARG001
    """Sum of the lanes: halves first, always in the same order."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:  # noqa: ARG001
        row, lanes = given[0], LANES
        while lanes > 1:
            lanes //= 2
            halves = [
                ir.Constant(ir.VectorType(ir.IntType(32), lanes), list(range(start, start + lanes)))
                for start in (0, lanes)
            ]
            row = builder.fadd(*(builder.shuffle_vector(row, row, half) for half in halves))
        return builder.extract_element(row, ir.IntType(32)(0))

    return types.float64(row), code


def _spread(builder: Any, number: Any) -> Any:
    """An LLVM vector with the same number in all lanes."""
    kind = ir.VectorType(ir.DoubleType(), LANES)
    one = builder.insert_element(ir.Constant(kind, ir.Undefined), number, ir.IntType(32)(0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))
