"""The screens: they show what is remembered and never wait for the network to paint."""
