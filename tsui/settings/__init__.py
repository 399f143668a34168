"""Profiles and preferences: one TOML file, checked word for word, with no secret in it."""

from tsui.settings.model import (
    HOSTS,
    Environment,
    Problem,
    Profile,
    SecretsFrom,
    Settings,
    Theme,
    first_problem,
    is_profile_name,
)
from tsui.settings.reading import SettingsError, line_of, load
from tsui.settings.saving import save_profile

__all__ = [
    "HOSTS",
    "Environment",
    "Problem",
    "Profile",
    "SecretsFrom",
    "Settings",
    "SettingsError",
    "Theme",
    "first_problem",
    "is_profile_name",
    "line_of",
    "load",
    "save_profile",
]
