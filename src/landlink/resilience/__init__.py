"""What disturbances of the network cost, whom, and for how long."""
