"""Recordings, worked on by ffmpeg: what they are made of, how they sound, and a copy without what is to go."""
