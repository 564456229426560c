"""Fourteen months of the programme, played by tools/play_story.py."""
