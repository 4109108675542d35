"""Decides which column of a table is which, from its header alone.

The labels, their order and their allowed parents decide (see
``docs/decisions``); arithmetic only confirms, later and in SQL. Everything
that a label means stands in ``seeds/vocabulary``.
"""
