"""Calibrate the bundled study and put the estimates into it: ``python -m tools.china_kyrgyzstan.calibrated``."""

from __future__ import annotations

import landlink as ll
from landlink.tables.calibration_schemas import WRITTEN_TABLES
from landlink.tables.schemas import TABLES
from landlink.tables.write import write_table
from tools.china_kyrgyzstan.__main__ import STUDY


def main() -> None:
    """Replace the tables that a calibration writes; factors on demand that were refused leave none."""
    found = ll.calibrate(ll.open_study(STUDY), progress=True)
    for table in WRITTEN_TABLES:
        path = STUDY / table.file_name
        if found.tables[table.name].empty:
            path.unlink(missing_ok=True)
        else:
            write_table(found.tables[table.name], TABLES[table.name], path)
    print(found.tables["calibration_score"].to_string(index=False))


if __name__ == "__main__":
    main()
