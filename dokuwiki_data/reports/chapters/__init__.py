"""The chapters of a report, one module each, and their order."""
