"""Stage 1: from raw reports to gold and back."""
