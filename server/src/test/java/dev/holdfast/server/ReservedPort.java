package dev.holdfast.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port reserved for the servers of one test: no other process gets it while none of them listens,
 * and connections are refused then.
 */
final class ReservedPort implements AutoCloseable {
  private final Socket keeper = new Socket();

  ReservedPort() throws IOException {
    keeper.setReuseAddress(true); // so that a server can have it as well
    keeper.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  int number() {
    return keeper.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    keeper.close();
  }
}
