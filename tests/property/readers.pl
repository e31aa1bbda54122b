# readers.pl: what Email::Simple sees. Each line of stdin is the path of a
# message; for each comes a line "PATH", then a line "NAME VALUE", the value in
# hex, for each field called Authentication-Results or From once octets are left
# out that no name has.
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
