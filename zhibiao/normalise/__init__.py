"""Chinese text to values: numbers, units, periods, growth, qualifiers. Pure functions."""
