"""The rule predictor: spans and links by the language of the reports, no model needed."""
