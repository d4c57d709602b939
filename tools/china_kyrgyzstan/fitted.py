"""Observations that are inputs of the demand, so that agreement of the model with them is no validation."""

from __future__ import annotations

from tools.china_kyrgyzstan.tonnes_inputs import CHOSEN_ROWS

#: Rows of check_points.csv that are determined by an input, at least in part, and why.
FITTED: dict[str, str] = {
    "C07": "the coal of the share, 20.3 Mt, is an input; the rest of the tonnes is not",
    "C36": "the flow is an input",
    "C38": "the ratio of the two customs is an input of the retained share",
}

#: Rows of tonnes.csv that are inputs: scope, direction, commodity, period.
FITTED_TONNES: frozenset[tuple[str, str, str, str]] = frozenset(
    {
        *CHOSEN_ROWS,
        ("TJK-RUS", "TJK to RUS", "all", "2023"),
        ("TJK-RUS", "both", "all", "2023"),
        ("KAZ", "export", "coal", "2023"),
        ("KAZ", "transit CHN-RUS", "all", "2023"),
        ("Eurasian rail route CHN-EU", "CHN to EU", "containers", "2024"),
    }
)
