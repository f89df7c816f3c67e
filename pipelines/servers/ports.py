"""Ports on this machine that nobody listens on."""

from __future__ import annotations

import os
import socket

from pipelines.errors import KefuError


def free_port(server: str, default: int) -> int:
    """`$KEFU_<server>_PORT`, which must be free, else the first free port from `default` on."""
    asked = os.environ.get(f"KEFU_{server}_PORT")
    if asked:
        if not asked.isdigit() or not is_free(int(asked)):
            raise KefuError(
                f"port {asked} is taken or not a port",
                f"KEFU_{server}_PORT",
                "end what listens there or choose another",
            )
        return int(asked)
    for port in range(default, default + 100):
        if is_free(port):
            if port != default:
                print(f"port {default} is taken: {server.capitalize()} gets {port}", flush=True)
            return port
    raise KefuError(
        f"no free port between {default} and {default + 99}", "127.0.0.1", f"set KEFU_{server}_PORT"
    )


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
