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
from tsui.settings.saving import save_profile, save_view
from tsui.settings.view import FIT, OWN, WIDEST, Chosen, SortName, View, is_view_name, understood

__all__ = [
    "FIT",
    "HOSTS",
    "OWN",
    "WIDEST",
    "Chosen",
    "Environment",
    "Problem",
    "Profile",
    "SecretsFrom",
    "Settings",
    "SettingsError",
    "SortName",
    "Theme",
    "View",
    "first_problem",
    "is_profile_name",
    "is_view_name",
    "line_of",
    "load",
    "save_profile",
    "save_view",
    "understood",
]
