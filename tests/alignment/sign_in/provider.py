"""A small OpenID Connect provider on 127.0.0.1: discovery, keys, a code for a token signed RS256, and who it is."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLIENT, SECRET = "alignment", "only-between-us"


class Provider(ThreadingHTTPServer):
    """`person` is who is signed in there; `issuer` may be set to say another than its address."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.address = self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.person: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None
        self.challenges: dict[str, str] = {}
        self.asked: list[str] = []

    def allow(self, authorize_url: str) -> dict[str, str]:
        """What its sign-in page does: the query it sends the browser back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(authorize_url).query).items()}
        assert asked["client_id"] == CLIENT and asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.challenges)}"
        self.challenges[code] = asked["code_challenge"]
        return {"code": code, "state": asked["state"]}


class Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        site = self.server
        site.asked.append(self.path)
        described = {
            "issuer": site.issuer,
            "authorization_endpoint": f"{site.address}/authorize",
            "token_endpoint": f"{site.address}/token",
            "userinfo_endpoint": f"{site.address}/userinfo",
            "jwks_uri": f"{site.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
        answers = {"/.well-known/openid-configuration": described, "/userinfo": site.userinfo or site.person}
        self.answer(answers.get(self.path, {}))

    def do_POST(self) -> None:
        site = self.server
        length = int(self.headers["Content-Length"])
        sent = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if site.challenges.pop(sent["code"], None) != proof or sent["client_secret"] != SECRET:
            self.answer({"error": "invalid_grant"}, status=400)
            return
        claims = {
            "iss": site.issuer,
            "aud": CLIENT,
            "iat": 1_700_000_000,
            "exp": 4_000_000_000,
            **site.person,
        }
        token = jwt.encode(claims, KEY, algorithm="RS256")
        self.answer({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def answer(self, told: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()
    thread = threading.Thread(target=provider.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.shutdown()
        provider.server_close()
