package dev.holdfast.benchmarks.http;

import dev.holdfast.Holdfast;
import dev.holdfast.server.Server;
import dev.holdfast.server.ServerConfig;
import java.io.IOException;

/** A process that serves a queue: it prints the address, and ends when its input does. */
public final class ServedQueue {
  private ServedQueue() {}

  /** Runs the server. The argument is the queue's address. */
  public static void main(String[] args) throws IOException {
    try (Holdfast holdfast = Holdfast.open(args[0]);
        Server server = Server.start(holdfast, ServerConfig.defaults().port(0))) {
      System.out.println(server.uri());
      while (System.in.read() >= 0) {
        // until the other side closes it
      }
    }
  }
}
