#!/bin/sh
# The parts of messages are those that Python's email package finds, with the
# same octets, however the message is read; but what begins with message/ and is
# no message is a leaf here. Python keeps blanks at the ends of lines of
# quoted-printable, which RFC 2045 6.7 (3) drops: none is here.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
PARTS=$BUILD/tests/helper/parts
SUITE=${VOUCH_CONFORMANCE:-$ROOT/../shared/conformance}/reports
needs "$PARTS"
command -v python3 >/dev/null || skip_all 'no python3'

cat >"$TMP/parts.py" <<'END'
import email, email.message, sys

MESSAGES = 'message/rfc822', 'message/global'

class Message(email.message.Message):
    def get_content_type(self):
        kind = super().get_content_type()
        leaf = kind.startswith('message/') and kind not in MESSAGES
        return 'leaf-' + kind if leaf else kind

    def get_content_maintype(self):
        return self.get_content_type().split('/')[0]

for name in sys.argv[1:]:
    with open(name, 'rb') as file:
        message = email.message_from_bytes(file.read(), _class=Message)
    for part in message.walk():
        if not part.is_multipart():
            kind = part.get_content_type().removeprefix('leaf-')
            print(kind, (part.get_payload(decode=True) or b'').hex())
END

# Messages with parts of all kinds: LF or CRLF, nested, encoded.
cat >"$TMP/generate.py" <<'END'
import base64, quopri, random, sys

def text(r):
    lines = []
    for _ in range(r.randrange(6)):
        words = [r.choice(['a', '=', '--', 'From', '\u00fc', '.', '--b0',
                           '-', 'Content-Type: x/y', '']) for _ in range(4)]
        lines.append('x' + ' '.join(words) + '.')
    return '\n'.join(lines) + r.choice(['', '\n', '\n\n'])

def leaf(r):
    body = text(r).encode()
    way = r.choice(['base64', 'quoted-printable', '8bit', None])
    kind = r.choice(['text/plain', 'TEXT/xml; charset="utf-8"', None,
                     'application/gzip;\n name="a!b.xml.gz"'])
    fields = 'X-A: b\n' if r.random() < .5 else ''
    if kind:
        fields += 'Content-Type: %s\n' % kind
    if way:
        fields += 'Content-Transfer-Encoding: %s\n' % way
    if way == 'base64':
        body = r.randbytes(r.randrange(200))
        body = base64.encodebytes(body)
        if r.random() < .5:
            body = body.rstrip(b'\n')
    elif way == 'quoted-printable':
        body = quopri.encodestring(body)
    return fields.encode() + b'\n' + body

def part(r, depth):
    kind = r.random()
    if depth == 4 or kind < .4:
        return leaf(r)
    if kind < .55:
        return b'Content-Type: message/rfc822\n\n' + part(r, depth + 1)
    boundary = r.choice(['b%d', 'b (%d)', 'b%d=_x', 'b' * 69 + '%d'])
    boundary = (boundary % depth).encode()
    body = b'Content-Type: multipart/mixed; boundary="%s"\n\n' % boundary
    body += r.choice([b'', b'preamble\n', b'\n'])
    for _ in range(r.randrange(1, 4)):
        body += b'--' + boundary + r.choice([b'', b' ', b'\t ']) + b'\n'
        body += part(r, depth + 1) + b'\n'
    return body + b'--' + boundary + b'--' + r.choice(
        [b'', b'\n', b' \n\n', b'\nepilogue\n'])

for i in range(int(sys.argv[2])):
    r = random.Random(i)
    message = b'Subject: x\n' + part(r, 0)
    if r.random() < .5:
        message = message.replace(b'\n', b'\r\n')
    with open('%s/%d.eml' % (sys.argv[1], i), 'wb') as file:
        file.write(message)
END

# agrees FILE...: in all ways of reading
agrees() {
	python3 "$TMP/parts.py" "$@" >"$TMP/expected" || return
	for chunk in 0 1 7 65536; do
		for file in "$@"; do
			"$PARTS" "$chunk" <"$file" || return
		done >"$TMP/all"
		cut -d ' ' -f 1,5 "$TMP/all" >"$TMP/found"
		diff "$TMP/expected" "$TMP/found" || return
	done
}

mkdir "$TMP/made"
full && rounds=1000 || rounds=50
python3 "$TMP/generate.py" "$TMP/made" "$rounds"
ok 'Python finds the same parts in generated messages' agrees "$TMP"/made/*.eml
if [ -d "$SUITE" ]; then
	for file in "$SUITE"/*/*.eml; do
		name=${file##*/}
		ok "Python finds the same parts in $name" agrees "$file"
	done
else
	skip 'Python finds the same parts in reports' 'no conformance suites'
fi
finish
