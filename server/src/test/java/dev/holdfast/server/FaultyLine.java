package dev.holdfast.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy to a server that injects faults: one for each connection, in order; then none. */
final class FaultyLine implements AutoCloseable {
  /** The faults of a connection. */
  enum Fault {
    /** No fault. */
    NONE,
    /** The connection is cut when the response arrives, after the request took effect. */
    CUT_ANSWER,
    /** The response stops after its first bytes. */
    STALL_ANSWER,
    /** An intermediary responds that it is busy, with a time to retry. */
    BUSY
  }

  private static final String BUSY =
      """
      HTTP/1.1 503 Service Unavailable\r
      Content-Type: application/problem+json\r
      Content-Length: %d\r
      Retry-After: 1\r
      Connection: close\r
      \r
      %s""";

  private static final String PROBLEM =
      "{\"type\":\"urn:holdfast:problem:overloaded\",\"title\":\"t\",\"status\":503,\"detail\":\"too many\",\"code\":\"overloaded\"}";

  private final URI server;
  private final ServerSocket listening;
  private final ConcurrentLinkedQueue<Fault> faults;
  private final ConcurrentLinkedQueue<Socket> open = new ConcurrentLinkedQueue<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();

  FaultyLine(URI server, Fault... faults) throws IOException {
    this.server = server;
    this.faults = new ConcurrentLinkedQueue<>(List.of(faults));
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  int connections() {
    return connections.get();
  }

  /**
   * Cuts the connection of the next request with this text in its head, before it reaches the
   * server.
   */
  void refuse(String text) {
    refused.add(text);
  }

  /** Returns the number of requests that are still to be refused. */
  int refusals() {
    return refused.size();
  }

  private static void start(Runnable body) {
    Thread thread = new Thread(body, "faulty-line");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        open.add(client);
        connections.incrementAndGet();
        Fault next = faults.poll();
        Fault fault = next == null ? Fault.NONE : next;
        start(() -> serve(client, fault));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void serve(Socket client, Fault fault) {
    try (client) {
      if (fault == Fault.BUSY) {
        int unused = client.getInputStream().read(new byte[1 << 16]);
        client
            .getOutputStream()
            .write(BUSY.formatted(PROBLEM.length(), PROBLEM).getBytes(US_ASCII));
        return;
      }
      try (Socket behind = new Socket(server.getHost(), server.getPort())) {
        open.add(behind);
        start(() -> ask(client, behind));
        answer(client, behind, fault);
      }
    } catch (IOException cut) {
      // either side has gone
    }
  }

  private void ask(Socket client, Socket behind) {
    try {
      byte[] bytes = new byte[1 << 16];
      for (int read = client.getInputStream().read(bytes);
          read >= 0;
          read = client.getInputStream().read(bytes)) {
        String next = refused.peek();
        if (next != null && new String(bytes, 0, read, US_ASCII).contains(next)) {
          refused.remove(next);
          client.close();
          return;
        }
        behind.getOutputStream().write(bytes, 0, read);
      }
      behind.shutdownOutput();
    } catch (IOException cut) {
      // either side has gone
    }
  }

  private static void answer(Socket client, Socket behind, Fault fault) throws IOException {
    InputStream in = behind.getInputStream();
    OutputStream out = client.getOutputStream();
    byte[] bytes = new byte[1 << 16];
    for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
      if (fault == Fault.CUT_ANSWER) {
        return;
      }
      if (fault == Fault.STALL_ANSWER) {
        out.write(Arrays.copyOf(bytes, read - 1)); // all but the last byte
        int unused = client.getInputStream().read(); // until the client gives up
        return;
      }
      out.write(bytes, 0, read);
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
