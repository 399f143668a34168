"""Profiles: which can be used, and where they lead."""

import pytest

from tsui.settings import Profile, first_problem, is_profile_name


@pytest.mark.parametrize(
    ("profile", "url"),
    [
        (Profile(), "https://thingspace.verizon.com"),
        (Profile("staging"), "https://staging.thingspace.verizon.com"),
        (Profile("simulator", "http://localhost:8000/"), "http://localhost:8000"),
        (Profile("custom", "https://proxy.example/thingspace"), "https://proxy.example/thingspace"),
    ],
)
def test_the_base_url_is_that_of_the_environment(profile: Profile, url: str) -> None:
    assert first_problem(profile) is None
    assert profile.base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost",
        "http://127.0.0.1:8000",
        "http://127.8.9.10",
        "http://[::1]:8000",
        "https://10.0.0.1:8443/base",
    ],
)
def test_addresses_that_keep_a_secret_are_accepted(url: str) -> None:
    assert first_problem(Profile("custom", url)) is None


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "is missing"),
        ("thingspace.example", "is not an address"),
        ("https://", "is not an address"),
        ("https://a b", "is not an address"),
        ("https://a\nb", "is not an address"),
        ("https://ex\u0430mple.com", "is not an address"),
        ("https://host:port", "is not an address"),
        ("https://[::1", "is not an address"),
        ("ftp://host", "must begin with https://"),
        ("http://thingspace.example", "must begin with https:// unless it is on this machine"),
        ("http://localhost.evil.example", "must begin with https:// unless it is on this machine"),
        ("http://192.168.0.2", "must begin with https:// unless it is on this machine"),
        ("https://user:canary@host", "must not hold a user name or a password"),
        ("https://:canary@host", "must not hold a user name or a password"),
        ("https://host/?a=b", "must end before ? and #"),
        ("https://host/#a", "must end before ? and #"),
    ],
)
def test_other_addresses_are_refused(url: str, problem: str) -> None:
    found = first_problem(Profile("custom", url))
    assert found is not None
    assert (found.field, found.text) == ("url", problem)


@pytest.mark.parametrize(
    ("profile", "field"),
    [
        (Profile("production", "https://elsewhere.example"), "url"),
        (Profile("staging", "https://elsewhere.example"), "url"),
        (Profile(secrets="command"), "credential_command"),
        (Profile(credential_command=("pass",)), "credential_command"),
    ],
)
def test_contradictions_are_found(profile: Profile, field: str) -> None:
    found = first_problem(profile)
    assert found is not None
    assert found.field == field


@pytest.mark.parametrize("name", ["lab", "0", "a.b-c_d", "x" * 64])
def test_names_for_profiles(name: str) -> None:
    assert is_profile_name(name)


@pytest.mark.parametrize("name", ["", ".", "..", "-a", "a/b", "a b", "é", "a\n", "x" * 65])
def test_no_names_for_profiles(name: str) -> None:
    assert not is_profile_name(name)
