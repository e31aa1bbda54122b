"""Signs and verifies with dkimpy.

	dkimpy.py verify KEYS LIST
	dkimpy.py sign KEYS LIST

See maildkim.pl for KEYS and LIST.
"""
import base64
import logging
import sys

import dkim

from common import octets, rows


def read_keys(path):
    return dict(line.split(' ', 1)
                for line in octets(path).decode().splitlines())


def quiet():
    logger = logging.getLogger('dkimpy')
    logger.setLevel(logging.CRITICAL)
    return logger


def verify(keys, path):
    """The result of each signature, from the top."""
    def txt(name, timeout=5):
        return keys.get(name.decode().rstrip('.').lower(), '').encode() or None
    message = octets(path)
    try:
        count = sum(name.lower() == b'dkim-signature'
                    for name, _ in dkim.rfc822_parse(message)[0])
    except dkim.DKIMException as error:
        yield 'error: %s' % error
        return
    for i in range(count):
        try:
            good = dkim.DKIM(message, logger=quiet()).verify(i, dnsfunc=txt)
            yield 'pass' if good else 'fail'
        except dkim.DKIMException as error:
            yield 'error: %s' % error


def private(path, algorithm):
    """PEM for RSA; for Ed25519 the secret, which ends the PKCS#8, in base64."""
    pem = octets(path)
    if algorithm == b'rsa-sha256':
        return pem
    lines = pem.decode().splitlines()
    return base64.b64encode(base64.b64decode(''.join(lines[1:-1]))[-32:])


def sign(path, output, header, body, selector, key, names):
    message = octets(path)
    eol = b'\r\n' if message.split(b'\n', 1)[0].endswith(b'\r') else b'\n'
    algorithm = b'ed25519-sha256' if selector == 'ed' else b'rsa-sha256'
    signer = dkim.DKIM(message, logger=quiet(), linesep=eol)
    signer.should_not_sign = set()  # Comments among them
    field = signer.sign(
        selector.encode(), b'example.org', private(key, algorithm),
        signature_algorithm=algorithm,
        canonicalize=(header.encode(), body.encode()),
        include_headers=[name.lower().encode() for name in names.split(':')])
    with open(output, 'wb') as file:
        file.write(field + message)


def main(verb, keys, path):
    records = read_keys(keys)
    for row in rows(path):
        if verb == 'sign':
            try:
                sign(*row)
            except dkim.DKIMException as error:
                print('%s: %s' % (row[0], error), file=sys.stderr)
        else:
            print('\t'.join([row[0], *verify(records, row[0])]))


main(*sys.argv[1:])
