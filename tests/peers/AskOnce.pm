# A resolver for the peers in Perl, which sends each query once.
package AskOnce;
use strict;
use warnings;
use Net::DNS::Resolver;

# The server on loopback, and no search list.
sub new {
	my ($class, $port) = @_;
	my $resolver = Net::DNS::Resolver->new(
		nameservers => ['127.0.0.1'], port => $port, searchlist => [],
		dnsrch => 0, defnames => 0, retry => 1, retrans => 5);

	return bless { resolver => $resolver }, $class;
}

sub ask {
	my ($self, $verb, @question) = @_;
	my $key = lc "$verb @question";

	$self->{$key} //= [scalar $self->{resolver}->$verb(@question),
		$self->{resolver}->errorstring];
	(my $packet, $self->{error}) = @{ $self->{$key} };
	return $packet;
}

sub send        { return shift->ask('send',  @_) }
sub query       { return shift->ask('query', @_) }
sub errorstring { return $_[0]->{error} }

1;
