# readers.pl: the fields that Email::Simple sees. Each line of stdin is the path
# of a message. For each it prints a line "PATH", then a line "NAME VALUE", the
# value in hex, for each field that is called Authentication-Results or From
# without the octets that a name cannot have.
use strict;
use warnings;
use Email::Simple;

while (my $path = <STDIN>) {
	chomp $path;
	open(my $file, '<:raw', $path) or die "$path: $!";
	my $text = do { local $/; <$file> };
	my $message = eval { Email::Simple->new($text) };
	print "PATH\n";
	next unless $message;
	my @pairs = $message->header_raw_pairs;
	while (my ($name, $value) = splice(@pairs, 0, 2)) {
		$name =~ s/\0.*//s if $name =~ /[^\0]/;
		$name =~ tr/A-Za-z-//cd;
		$name = lc $name;
		next unless $name =~ /^(authentication-results|from)$/;
		print "$name ", unpack('H*', $value // ''), "\n";
	}
}
