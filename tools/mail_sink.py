#!/usr/bin/python3
"""An SMTP server on loopback that keeps every mail as a file, and on request misbehaves.

The first line on stdout is the port it listens on; nothing connects before that. Each mail taken becomes
OUT/NNNN-<message id>.eml with the bytes as received, in place before the client has its answer; beside it one line in
OUT/envelopes.jsonl says who sent it to whom and how. SIGTERM ends it.
"""
import argparse
import asyncio
import json
import logging
import pathlib
import re
import signal
import ssl
import sys
import traceback
import warnings

from aiosmtpd.smtp import SMTP, AuthResult, TLSSetupException

MESSAGE_ID = re.compile(rb"^message-id:\s*<([^<>\r\n]+)>", re.IGNORECASE | re.MULTILINE)


class Store:
    """The folder of mails; numbers go on where an earlier run stopped."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.number = max((int(path.name.partition("-")[0]) for path in folder.glob("[0-9]*-*.eml")), default=0)

    def keep(self, server, session, envelope):
        self.number += 1
        head = envelope.original_content.split(b"\r\n\r\n", 1)[0]
        found = MESSAGE_ID.search(head)
        name = re.sub(r"[^A-Za-z0-9@._+=-]", "_", found[1].decode("ascii", "replace")) if found else "no-message-id"
        path = self.folder / f"{self.number:04d}-{name}.eml"
        part = path.with_suffix(".part")
        part.write_bytes(envelope.original_content)
        part.rename(path)  # whoever sees the name sees the whole mail
        with open(self.folder / "envelopes.jsonl", "a", encoding="utf-8") as lines:
            lines.write(json.dumps({"file": path.name, "from": envelope.mail_from, "to": envelope.rcpt_tos,
                                    "tls": server.transport.get_extra_info("sslcontext") is not None,
                                    "user": session.auth_data.login.decode() if session.auth_data else None}) + "\n")


class Behaviour:
    """What the server does at each command; the names of the methods are aiosmtpd's."""

    def __init__(self, options, store, stop):
        self.options, self.store, self.stop = options, store, stop
        self.to_greylist = options.greylist
        self.taken = 0

    async def misbehave(self, server, command):
        if self.options.hang_at == command:
            await asyncio.Event().wait()
        if self.options.close_at == command:
            server.transport.close()
            await asyncio.Event().wait()  # ended when the connection is gone; no answer goes out

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        await self.misbehave(server, "MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        await self.misbehave(server, "RCPT")
        if self.to_greylist > 0:
            self.to_greylist -= 1
            return "451 4.7.1 Greylisted, come back later"
        for code, refused in self.options.fail_rcpt:
            if address == refused:
                return f"{code} {code[0]}.1.1 <{address}>: not taken here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.options.fail_data:
            return f"{self.options.fail_data} {self.options.fail_data[0]}.3.0 Not taken"
        self.store.keep(server, session, envelope)
        self.taken += 1
        await self.misbehave(server, "ANSWER")
        return f"250 2.0.0 OK: mail {self.store.number}"

    async def handle_exception(self, error):
        if not isinstance(error, TLSSetupException):  # a client that does not trust the certificate is no fault here
            traceback.print_exception(error)
        return "451 4.3.0 The mail sink failed"

    def answered(self, server):
        """After each answer on its way to the client."""
        if self.options.stop_after and self.taken >= self.options.stop_after:
            self.stop.set()
        if self.options.close_after_each and self.taken > server.taken_before:
            server.transport.close()

    def check(self, server, session, envelope, mechanism, given):
        user, _, password = self.options.auth.partition(":")
        right = (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False, auth_data=given)


class Server(SMTP):
    def __init__(self, behaviour, **settings):
        super().__init__(behaviour, **settings)
        self.behaviour = behaviour
        self.taken_before = behaviour.taken

    async def push(self, status):
        await super().push(status)
        if self.behaviour.options.slow_tls and status == "220 Ready to start TLS":
            self.transport.pause_reading()
            await asyncio.sleep(self.behaviour.options.slow_tls)
            self.transport.resume_reading()
        self.behaviour.answered(self)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0 (usual): any free one")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="DIR", help="folder of the mails taken")
    parser.add_argument("--starttls", nargs=2, metavar=("CERT", "KEY"), help="mail only after STARTTLS")
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"), help="TLS from the first byte")
    parser.add_argument("--auth", metavar="USER:PASSWORD", help="mail only after AUTH")
    parser.add_argument("--auth-only", choices=["LOGIN", "PLAIN"], help="the one mechanism offered")
    parser.add_argument("--stop-after", type=int, metavar="N", help="end once N mails are taken and answered")
    faults = parser.add_argument_group("faults, for tests")
    faults.add_argument("--fail-rcpt", nargs=2, action="append", default=[], metavar=("CODE", "ADDRESS"))
    faults.add_argument("--greylist", type=int, default=0, metavar="N", help="451 to the first N recipients")
    faults.add_argument("--fail-data", metavar="CODE", help="the answer to the final dot: 451, 554")
    faults.add_argument("--close-at", choices=["MAIL", "RCPT", "ANSWER"], help="drop the connection instead of an answer")
    faults.add_argument("--hang-at", choices=["MAIL", "RCPT", "ANSWER"], help="never answer")
    faults.add_argument("--close-after-data", dest="close_at", action="store_const", const="ANSWER",
                        help="take the mail and drop the connection instead of the answer to the final dot")
    faults.add_argument("--slow-tls", type=float, default=0, metavar="SECONDS", help="begin TLS so late")
    faults.add_argument("--close-after-each", action="store_true", help="hang up once a mail is answered")
    return parser.parse_args()


def certificate(files):
    if not files:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*files)
    return context


async def serve(options):
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    behaviour = Behaviour(options, Store(options.out), stop)
    excluded = {"LOGIN": ["PLAIN"], "PLAIN": ["LOGIN"]}.get(options.auth_only, [])
    settings = dict(hostname="localhost", ident="mail sink", loop=loop, tls_context=certificate(options.starttls),
                    require_starttls=bool(options.starttls), auth_required=bool(options.auth), auth_exclude_mechanism=excluded,
                    auth_require_tls=bool(options.starttls), authenticator=behaviour.check if options.auth else None)
    server = await loop.create_server(lambda: Server(behaviour, **settings), "127.0.0.1", options.port, ssl=certificate(options.tls))
    print(server.sockets[0].getsockname()[1], flush=True)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # aiosmtpd warns of AUTH without TLS, which is meant here,
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # twice
    try:
        asyncio.run(serve(arguments()))
    except (OSError, ssl.SSLError) as fault:
        sys.exit(f"mail_sink: {fault}")
