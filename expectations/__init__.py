"""What a warehouse must satisfy before it is published, as Great Expectations suites.

``critical``: the warehouse is sound; a failure stops publication.
``reconciling``: what the disclosures themselves should satisfy; a failure is a
finding, and the warehouse is published with it.
"""
