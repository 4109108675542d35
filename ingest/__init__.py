"""Reads disclosures and copies what they print, cell by cell."""
