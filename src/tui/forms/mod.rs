//! What is typed and chosen in layers over a screen.
