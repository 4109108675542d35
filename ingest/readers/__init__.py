"""One reader a format, all giving the same :class:`ingest.document.Document`."""
