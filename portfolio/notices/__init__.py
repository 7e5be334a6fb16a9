"""What a person should know: on screen, and by mail where they want it."""
