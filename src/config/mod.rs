//! Paths, settings, keymap and theme: commented defaults in `assets/`, and the user's file as a patch on them.
