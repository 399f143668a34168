"""What the tests of settings share."""

from pathlib import Path

FULL = """\
# NOC wall, second floor
default_profile = "live"
read_only = true
note_required = true
theme = "colour-blind"
ascii = true
refresh_minutes = 60
look_seconds = 30
calls_per_minute = 60
shifts = ["07:00", "19:30"]
send_differences = false
download_folder = "/srv/exports"

[profiles.live]
account = "0742000123-00001"   # the big one
username = "noc"
note_required = true
rules_off = ["suspended-days", "listener"]
actions_per_day = 25
plan_changes_per_month = 2
watch = ["iccid:8914800000000333337"]
protect = ["iccid:8914800000000222227", "group:Substations"]
secrets = "command"
credential_command = [
    "pass",
    "show",
    "thingspace/live",
]

[profiles.lab]
environment = "simulator"
url = "http://127.0.0.1:8000/"

[keys]
"device.suspend" = "S"
quit = "ctrl+x"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "tsui.toml"
    path.write_text(text, encoding="utf-8")
    return path


VIEWS = """\
[views."Sick trucks"]   # Monday's round
filter = 'state:suspend group:trucks'
columns = ["iccid", "Custom 1:30", "plan:fit"]
sort = "last seen"
descending = true

[views.all]
"""
