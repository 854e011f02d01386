package dev.holdfast.handlers.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Decides which addresses are on the public internet, by the special-purpose registries for IPv4
 * and IPv6 (RFC 6890 and its successors); addresses that embed one of the other family are
 * excluded.
 */
final class Addresses {
  private static final List<Block> CLOSED =
      List.of(
          Block.of("0.0.0.0", 8), // this network
          Block.of("10.0.0.0", 8), // private
          Block.of("100.64.0.0", 10), // carriers' own
          Block.of("127.0.0.0", 8), // loopback
          Block.of("169.254.0.0", 16), // link-local, among them the metadata of clouds
          Block.of("172.16.0.0", 12), // private
          Block.of("192.0.0.0", 24), // protocols
          Block.of("192.0.2.0", 24), // documentation
          Block.of("192.31.196.0", 24), // AS112
          Block.of("192.52.193.0", 24), // AMT
          Block.of("192.88.99.0", 24), // 6to4 relays
          Block.of("192.168.0.0", 16), // private
          Block.of("192.175.48.0", 24), // AS112
          Block.of("198.18.0.0", 15), // benchmarks
          Block.of("198.51.100.0", 24), // documentation
          Block.of("203.0.113.0", 24), // documentation
          Block.of("224.0.0.0", 4), // multicast
          Block.of("240.0.0.0", 4), // reserved, broadcast
          Block.of("2001::", 23), // protocols, among them Teredo and ORCHID
          Block.of("2001:db8::", 32), // documentation
          Block.of("2002::", 16), // 6to4
          Block.of("2620:4f:8000::", 48), // AS112
          Block.of("3fff::", 20)); // documentation

  /**
   * All allocated IPv6 unicast: excludes loopback, mapped, translated, unique-local and multicast
   * addresses.
   */
  private static final Block GLOBAL = Block.of("2000::", 3);

  private Addresses() {}

  /** Returns whether it may be called. */
  static boolean isOpen(InetAddress address) {
    if (CLOSED.stream().anyMatch(block -> block.contains(address))) {
      return false;
    }
    return address instanceof Inet4Address
        || (GLOBAL.contains(address) && !holdsIpv4(address.getAddress()));
  }

  /** Returns whether it is an ISATAP address: 0:5efe or 200:5efe, then an IPv4 address. */
  private static boolean holdsIpv4(byte[] address) {
    return (address[8] & 0xFD) == 0
        && address[9] == 0
        && address[10] == 0x5E
        && address[11] == (byte) 0xFE;
  }

  /** A block of addresses that begin with these bits. */
  private record Block(InetAddress first, int bits) {
    static Block of(String first, int bits) {
      return new Block(Literals.parse(first).orElseThrow(), bits);
    }

    boolean contains(InetAddress address) {
      byte[] begin = first.getAddress();
      byte[] bytes = address.getAddress();
      if (bytes.length != begin.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> bit % 8;
        if ((bytes[bit / 8] & mask) != (begin[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
