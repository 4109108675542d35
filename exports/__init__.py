"""What leaves the warehouse: files and tables for others, with personal data masked.

``python -m exports`` runs it (``make export``). ``release`` copies the marts into a
masked DuckDB file (``masking`` knows what is personal, ``names`` where a person's name
stands); each other format is made from that copy by the module of its name.
"""
