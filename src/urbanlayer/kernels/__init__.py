"""Kernels: arrays in, arrays out; they know nothing of cities."""
