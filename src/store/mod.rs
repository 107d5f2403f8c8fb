//! Disk: marks, reading places, settings.
