"""Live checks of tags, whatever carries them."""
