"""From the text of a programme to a register of commitments and a scoreboard."""

from landlink.statement.clause import Clause, Quantity, Reading, Sentence
from landlink.statement.names import Gazetteer
from landlink.statement.reading import read

__all__ = ["Clause", "Gazetteer", "Quantity", "Reading", "Sentence", "read"]
