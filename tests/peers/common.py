"""What several peers need: files, and the DNS server of the tests."""


def octets(path):
    with open(path, 'rb') as file:
        return file.read()


def rows(path):
    """Lines of words between tabs, of UTF-8."""
    for line in octets(path).decode().split('\n')[:-1]:
        yield line.split('\t')


def ask_only(port):
    """For dnspython: the server on loopback, each question once, and no
    search list."""
    import dns.name
    import dns.resolver
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ['127.0.0.1']
    resolver.cache = dns.resolver.LRUCache()
    resolver.port = int(port)
    resolver.domain = dns.name.root
    resolver.search = []
    dns.resolver.default_resolver = resolver
