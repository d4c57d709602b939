"""Reading of Parquet files of strangers: a file of a few kilobytes can declare more values than memory holds.

Runs of equal values and dictionaries take next to nothing in the file, so neither its size nor the sizes that it states
say what its values will take.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from landlink.core.input_files import open_input
from landlink.core.memory import check_memory, memory_problem

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_parquet"]

#: Memory of a value, bytes; of a text, of where it ends.
_BYTES_PER_VALUE: Final = 8.0


def read_parquet(path: str | os.PathLike[str], columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a Parquet file, or some of its columns.

    Raises
    ------
    OSError
        The file does not exist, cannot be read, or is not a regular file.
    ValueError
        The file is not Parquet, or damaged.
    InputError
        Its values would take more memory than is available.
    """
    import pandas as pd  # noqa: PLC0415  slow to import
    from pyarrow import ArrowException  # noqa: PLC0415

    with open_input(path) as file:
        try:
            _check_size(file, Path(path).name)
            file.seek(0)
            return pd.read_parquet(file, columns=None if columns is None else list(columns))
        except (ArrowException, KeyError, TypeError, AttributeError, IndexError, NotImplementedError) as error:
            raise ValueError(f"not Parquet, or damaged: {error}") from None
        except RecursionError:
            raise ValueError("nested too deeply") from None


def _check_size(file: BinaryIO, name: str) -> None:
    """Refuse values that would not fit into memory."""
    from pyarrow.parquet import ParquetFile  # noqa: PLC0415

    about = ParquetFile(file).metadata
    columns = [about.schema.column(number) for number in range(about.num_columns)]
    if nested := [column.path for column in columns if column.max_repetition_level or column.max_definition_level > 1]:
        raise ValueError(f"columns of lists or structures: {', '.join(nested[:5])}; allowed: one value in each cell")
    if twice := [name for name, count in Counter(column.path for column in columns).items() if count > 1]:
        raise ValueError(f"duplicate columns: {', '.join(twice[:5])}; allowed: each column once")
    groups = [about.row_group(number) for number in range(about.num_row_groups)]
    chunks = [group.column(number) for group in groups for number in range(about.num_columns)]
    values = sum(chunk.num_values for chunk in chunks)
    least = _BYTES_PER_VALUE * max(values, about.num_rows * about.num_columns)
    stored = float(sum(max(chunk.total_uncompressed_size, chunk.total_compressed_size) for chunk in chunks))
    what = f"a table of {about.num_rows:,} rows and {about.num_columns:,} columns"
    check_memory(least + stored, what, table=name)
    texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
    # No text is longer than its column as stored; only where such texts might not fit, they are measured.
    most = sum(
        float(chunk.num_values) * chunk.total_uncompressed_size for chunk in chunks if chunk.path_in_schema in texts
    )
    if memory_problem(least + stored + most, what):
        check_memory(least + stored + sum(_text_bytes(file, column) for column in texts), what, table=name)


def _text_bytes(file: BinaryIO, column: str) -> float:
    """Bytes of the texts of a column, found without spelling out those that repeat."""
    import pyarrow.compute as pc  # noqa: PLC0415
    from pyarrow.parquet import ParquetFile  # noqa: PLC0415

    source = ParquetFile(file, read_dictionary=[column])
    total = 0.0
    for number in range(source.num_row_groups):
        for chunk in source.read_row_group(number, columns=[column]).column(0).chunks:
            lengths = pc.binary_length(chunk.dictionary)
            total += pc.sum(lengths.take(chunk.indices)).as_py() or 0
    return total
