"""Where the program keeps its files, by the platform's own rules."""

from pathlib import Path

import platformdirs

_NAME = "tsui"


def settings_file() -> Path:
    """Return the settings file; it may not be there yet."""
    return Path(platformdirs.user_config_dir(_NAME)) / "settings.toml"


def credentials_folder() -> Path:
    """Return the folder of encrypted credentials."""
    return Path(platformdirs.user_config_dir(_NAME)) / "credentials"


def data_folder() -> Path:
    """Return the folder of everything remembered, one sub-folder an environment."""
    return Path(platformdirs.user_data_dir(_NAME))


def log_file() -> Path:
    """Return the log file."""
    return Path(platformdirs.user_state_dir(_NAME)) / "tsui.log"
