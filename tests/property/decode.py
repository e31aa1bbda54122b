"""Prints what Python sees of a message: each Authentication-Results field, as
the default policy decodes it and as programs do that decode each word, in a
line of printable ASCII with single blanks; then each From field's addresses.
After those of each file comes a form feed.

	decode.py FILE...
"""
import sys

import readers


def line(text):
    return ascii(' '.join(text.replace('\0', ' ').split()))[1:-1]


def shown(path):
    for reader in (readers.python_default, readers.python_compat32):
        for name, value in next(reader([path])):
            if name == 'from':
                yield 'from: ' + ' '.join(sorted(readers.domains(value)))
            else:
                yield line(value)
                yield line(readers.decoded(value))


for name in sys.argv[1:]:
    for text in shown(name):
        print(text)
    print('\f')
