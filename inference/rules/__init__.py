"""The rule predictor: spans and links by the language of the reports, no model needed."""

from inference.rules.predictor import RulePredictor

__all__ = ["RulePredictor"]
