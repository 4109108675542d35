"""What a warehouse should satisfy, as Great Expectations suites, one for each layer.

``staging``: what was read is there, whole. ``marts``: keys, values, sources and amounts
are sound. ``reconciliation``: arithmetic was applied and what it found is told.

A failed expectation of severity ``critical`` stops publication, unless it is about a
document that can be set aside (``pipeline/working.py``). The others describe the
disclosures (``warning``) or say what is worth a look (``info``); with them a warehouse
is published. ``pipeline/page.py`` tells the results to people who read no SQL.
"""
