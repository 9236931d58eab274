"""Small tables that people edit: units, the indicator catalogue, cue words."""
