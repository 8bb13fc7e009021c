//! The terminal app: run loop, messages, state, actions, layers, screens, widgets. The only room that names ratatui or crossterm.
