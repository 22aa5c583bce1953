# Listens on a port beside a server, takes nobody in and answers nobody: so does a firewall that swallows what it is
# sent. Ends with that server.   perl silence.pl 127.0.0.1:7002 7992
use strict;
use warnings;
use IO::Socket::INET;

my ($server, $port) = @ARGV;
my ($host, $own) = split /:/, $server;
my $silent = IO::Socket::INET->new(LocalAddr => $host, LocalPort => $port, Listen => 128, ReuseAddr => 1)
  or die "nothing can listen on $host:$port: $!\n";
sleep 1 while IO::Socket::INET->new(PeerAddr => $host, PeerPort => $own, Timeout => 1);
