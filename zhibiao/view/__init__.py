"""The highlight page: records beside their report."""
