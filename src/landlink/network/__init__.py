"""The supernetwork: a copy of each node per mode, changes at terminals, passages at borders."""
