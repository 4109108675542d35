"""Makes disclosures whose truth is known, in many layouts and every format.

It stands outside what it measures: nothing here imports ``ingest``, ``models``,
``seeds`` or ``pipeline``.
"""
