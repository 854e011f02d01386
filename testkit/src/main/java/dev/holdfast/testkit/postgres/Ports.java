package dev.holdfast.testkit.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports below those that the system assigns to clients. While a server is down, a client that tries
 * to reach it must not be assigned the server's own port: it would connect to itself, and keep the
 * server from coming back.
 */
final class Ports {
  private static final int FIRST = 15_000;
  private static final int END = 32_000;

  private Ports() {}

  /** Returns a port that is free now. */
  static int free() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (isFree(port)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
