"""The documented ways of saying no."""

from starlette.responses import JSONResponse, Response

SERVICE = "UnifiedWebService"
"""Name in front of error codes; clients must not rely on it."""


class Refusal(Exception):
    """A request ends with this answer."""

    def __init__(self, response: Response, message: str = "") -> None:
        super().__init__(response.status_code)
        self.response = response
        """The answer."""
        self.message = message
        """What it says, in words."""


def rejected(code: str, message: str, *, status: int = 400, service: str = SERVICE) -> Refusal:
    """Return a refusal of the Connectivity Management API."""
    body = {"errorCode": f"{service}.{code}", "errorMessage": message}
    return Refusal(JSONResponse(body, status), message)


def invalid_parameter(message: str) -> Refusal:
    """Return a refusal of the location API, whose codes are flat."""
    body = {"errorCode": "INVALID_PARAMETER", "errorMessage": message}
    return Refusal(JSONResponse(body, 400), message)


def cache_unavailable() -> Refusal:
    """Return the location API's refusal of devices whose last place is not known."""
    body = {"errorCode": "CACHE_UNAVAILABLE", "errorMessage": "No cached location is available."}
    return Refusal(JSONResponse(body, 400))


def fault(code: str, message: str, description: str, *, status: int) -> Refusal:
    """Return a refusal of the gateway in front of the API."""
    return Refusal(
        JSONResponse(
            {"fault": {"code": code, "message": message, "description": description}}, status
        )
    )


def oauth_error(error: str, description: str, *, status: int = 400) -> Refusal:
    """Return a refusal of the OAuth endpoint."""
    return Refusal(JSONResponse({"error": error, "error_description": description}, status))


def xml_fault(status: int, code: str, message: str) -> Refusal:
    """Return a refusal of the gateway in XML, as wrong endpoints get it."""
    body = (
        '<am:fault xmlns:am="http://wso2.org/apimanager">'
        f"<am:code>{code}</am:code><am:type>Status report</am:type>"
        f"<am:message>{message}</am:message>"
        "<am:description>The requested resource is not available.</am:description></am:fault>"
    )
    return Refusal(Response(body, status, media_type="application/xml"))
