"""A terminal dashboard for IoT device connectivity on Verizon ThingSpace."""

__version__ = "0.1.0"
