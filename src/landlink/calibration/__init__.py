"""Calibration: parameters and demand fitted to observations, judged by what was left out, with a posterior ensemble."""
