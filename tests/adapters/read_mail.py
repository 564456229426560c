#!/usr/bin/python3
"""Reads one mail as strictly as Python's parser can and prints it as JSON; any defect ends it with an error."""
import email.header
import email.parser
import email.policy
import email.utils
import json
import sys

raw = open(sys.argv[1], "rb").read()
for line in raw.split(b"\r\n"):
    if len(line) > 998 or b"\n" in line or b"\r" in line or b"\0" in line or any(byte > 126 for byte in line):
        sys.exit(f"a line that no mail may have: {line[:80]!r}")
mail = email.parser.BytesParser(policy=email.policy.SMTP.clone(raise_on_defect=True)).parsebytes(raw)
raw_headers = dict(mail.raw_items())


def people(name):
    """By the older functions: the policy's display_name keeps blanks between encoded words, which RFC 2047 §6.2 drops."""
    pairs = email.utils.getaddresses([raw_headers[name]])
    return [[str(email.header.make_header(email.header.decode_header(shown))), address] for shown, address in pairs]


leaves = [part for part in mail.walk() if not part.is_multipart()]
defects = [str(defect) for part in mail.walk() for defect in part.defects]
defects += [str(defect) for value in mail.values() for defect in getattr(value, "defects", ())]
print(json.dumps({
    "names": [name for name, _ in mail.raw_items()],
    "headers": {name: str(value) for name, value in mail.items()},
    "people": {name: people(name) for name in ("From", "To")},
    "type": mail.get_content_type(),
    "parts": [{"type": part.get_content_type(), "charset": part.get_content_charset(), "content": part.get_content()} for part in leaves],
    "defects": defects,
}))
