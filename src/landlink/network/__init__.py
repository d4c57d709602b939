"""The supernetwork: a copy of each node per mode, connected by terminals and border crossings."""
