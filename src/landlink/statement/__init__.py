"""From the text of a programme to a register of commitments and a scoreboard."""
