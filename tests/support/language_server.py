"""The yaml-language-server of editors: requests and answers in its protocol, as an editor sends them."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from support import npm


class Editor:
    """An editor with the server, for one folder. It waits at most 20 seconds for an answer."""

    def __init__(self, folder: Path) -> None:
        server = npm.require("yaml-language-server") / "bin" / "yaml-language-server"
        command = ["node", str(server), "--stdio"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.messages: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.last = 0
        capabilities = {"textDocument": {"completion": {"completionItem": {"snippetSupport": True}}}}
        self.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": capabilities})
        self._send({"method": "initialized", "params": {}})
        settings = {"yaml": {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}}
        self._send({"method": "workspace/didChangeConfiguration", "params": {"settings": settings}})

    def __enter__(self) -> Editor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()

    def open(self, path: Path, text: str | None = None) -> list[dict[str, Any]]:
        """Open a file, with its own or with another text, and return what the server finds wrong with it."""
        text = path.read_text("utf-8") if text is None else text
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while True:
            message = self._next()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == path.as_uri():
                diagnostics: list[dict[str, Any]] = message["params"]["diagnostics"]
                return diagnostics

    def at(self, method: str, path: Path, line: int, column: int) -> Any:
        """Ask what can be at a place (`completion`) or what it means (`hover`); line and column count from 1."""
        place = {"line": line - 1, "character": column - 1}
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": path.as_uri()}, "position": place})

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """Send a request and return its result."""
        self.last += 1
        self._send({"id": self.last, "method": method, "params": params})
        while True:
            message = self._next()
            if message.get("id") == self.last and "method" not in message:
                return message["result"]

    def _next(self) -> dict[str, Any]:
        message = self.messages.get(timeout=20)
        if message.get("method") == "workspace/configuration":
            self._send({"id": message["id"], "result": [None for _ in message["params"]["items"]]})
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})
        return message

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            while line := stream.readline().strip():
                header += line
            length = int(header.lower().partition(b"content-length:")[2].split()[0])
            self.messages.put(json.loads(stream.read(length)))
