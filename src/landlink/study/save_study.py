"""Studies on disk: a folder of tables and settings, with the register of commitments."""

from __future__ import annotations

from pathlib import Path

from landlink.core.atomic_files import new_folder
from landlink.core.errors import InputError, Problem
from landlink.core.input_files import read_input, reason_of
from landlink.study.settings import FILE_NAME
from landlink.tables.destinations import REGISTER_FILE, check_new_folder
from landlink.tables.frames import Tables
from landlink.tables.schemas import TABLES
from landlink.tables.write import write_table

__all__ = ["save_study"]


def save_study(tables: Tables, source: Path, target: Path) -> Path:
    """Write tables as a new folder, with the settings and the register of the folder that they were read from.

    Raises
    ------
    InputError
        The settings cannot be read any more.
    OutputError
        The folder already exists, or cannot be written.
    """
    register = source / REGISTER_FILE
    try:
        settings = read_input(source / FILE_NAME)
        commitments = read_input(register) if register.is_file() else None
    except OSError as error:
        name = Path(str(error.filename)).name
        message = f"{name} of the study cannot be read any more: {reason_of(error)}"
        raise InputError(Problem(name, message, value=str(source))) from None
    check_new_folder(target)
    with new_folder(target) as folder:
        for name, frame in tables.items():
            if len(frame):
                write_table(frame, TABLES[name], folder / TABLES[name].file_name)
        (folder / FILE_NAME).write_bytes(settings)
        if commitments is not None:
            (folder / REGISTER_FILE).write_bytes(commitments)
    return target
