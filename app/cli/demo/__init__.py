"""The demonstration: both journeys between real processes."""
