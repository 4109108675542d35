"""Readers fed with what no office ever wrote: see README.md beside this."""
