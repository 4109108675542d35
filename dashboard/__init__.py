"""The published warehouse as static pages in Chinese that open from disk."""
