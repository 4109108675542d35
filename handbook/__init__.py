"""The handbook: rules, tables, terms and pictures as static pages (``make docs``)."""
