"""Evaluates SPF with pyspf, asking by dnspython.

	spf-pyspf.py PORT LIST

See spf-mailspf.pl.
"""
import sys
import warnings

import dns.name
import dns.resolver
import spf

warnings.simplefilter('ignore')


def ask_only(port):
    """The server on loopback, and no search list."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ['127.0.0.1']
    resolver.port = int(port)
    resolver.domain = dns.name.root
    resolver.search = []
    dns.resolver.default_resolver = resolver


def judge(ip, sender, helo):
    query = spf.query(ip, '' if sender == '<>' else sender, helo,
                      receiver='mx.test')
    result, _, text = query.check()
    if result in ('permerror', 'temperror'):
        return result, text
    return result, '' if text == spf.EXPLANATIONS[result] else text


def main(port, path):
    ask_only(port)
    with open(path, 'rb') as file:
        lines = file.read().decode('utf-8', 'surrogateescape').splitlines()
    for line in lines:
        try:
            result, text = judge(*line.split(' '))
        except Exception as error:  # it lets many of its own through
            result, text = 'crash', '%s: %s' % (type(error).__name__, error)
        print('%s\t%s' % (result, ascii(text)[1:-1] or '-'))


main(*sys.argv[1:])
