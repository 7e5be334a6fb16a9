"""What a file looks like, made anew from stored content by a process with limits; never the original itself."""
