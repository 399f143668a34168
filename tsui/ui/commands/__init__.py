"""What an operator can want, one class each; see ``base``."""
