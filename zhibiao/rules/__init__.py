"""The rule predictor: spans and links by the language of the reports, no model needed."""

from zhibiao.rules.predictor import RulePredictor

__all__ = ["RulePredictor"]
