"""Stages 2 and 4: training and evaluation of predictors."""
