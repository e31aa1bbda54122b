"""Evaluates SPF with pyspf, asking by dnspython.

	spf-pyspf.py PORT LIST

See spf-mailspf.pl.
"""
import sys
import warnings

import spf

from common import ask_only, octets

warnings.simplefilter('ignore')


def judge(ip, sender, helo):
    query = spf.query(ip, '' if sender == '<>' else sender, helo,
                      receiver='mx.test')
    result, _, text = query.check()
    if result in ('permerror', 'temperror'):
        return result, text
    return result, '' if text == spf.EXPLANATIONS[result] else text


def main(port, path):
    ask_only(port)
    lines = octets(path).decode('utf-8', 'surrogateescape').splitlines()
    for line in lines:
        try:
            result, text = judge(*line.split(' '))
        except Exception as error:  # it lets many of its own through
            result, text = 'crash', '%s: %s' % (type(error).__name__, error)
        print('%s\t%s' % (result, ascii(text)[1:-1] or '-'))


main(*sys.argv[1:])
