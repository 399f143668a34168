"""What is known of one device, part by part; ``registry`` has them in order."""
