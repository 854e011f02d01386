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
import java.util.concurrent.atomic.AtomicReference;

/**
 * A proxy to a server that injects faults: one for each connection, in order, and one for each
 * request that was named; then none.
 */
final class FaultyLine implements AutoCloseable {
  /** The faults of a connection. */
  enum Fault {
    /** No fault. */
    NONE,
    /** The connection is cut before the request reaches the server. */
    CUT_REQUEST,
    /** The connection is cut when the response arrives, after the request took effect. */
    CUT_ANSWER,
    /** The response stops after its first bytes. */
    STALL_ANSWER,
    /** The response ends in the middle, and so does the connection. */
    HALF_ANSWER,
    /** An intermediary responds that it is busy, with a time to retry. */
    BUSY,
    /** An intermediary responds with a page of its own. */
    PAGE
  }

  private static final String BUSY =
      """
      HTTP/1.1 503 Service Unavailable\r
      Content-Type: application/problem+json\r
      Content-Length: %d\r
      Retry-After: 1\r
      Connection: close\r
      \r
      %s\
      """;

  private static final String PROBLEM =
      "{\"type\":\"urn:holdfast:problem:overloaded\",\"title\":\"t\",\"status\":503,\"detail\":\"too"
          + " many\",\"code\":\"overloaded\"}";

  private static final String PAGE =
      """
      HTTP/1.1 404 Not Found\r
      Content-Type: text/html\r
      Connection: close\r
      \r
      <h1>No such site</h1>\
      """;

  private final URI server;
  private final ServerSocket listening;
  private final ConcurrentLinkedQueue<Fault> faults;
  private final ConcurrentLinkedQueue<Socket> open = new ConcurrentLinkedQueue<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final ConcurrentLinkedQueue<Injected> injected = new ConcurrentLinkedQueue<>();

  private record Injected(Fault fault, String text) {}

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

  /** Injects a fault into the next request with this text in its head. */
  void inject(Fault fault, String text) {
    injected.add(new Injected(fault, text));
  }

  /** Returns the number of faults that are still to be injected into requests. */
  int faultsToCome() {
    return injected.size();
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

  private void serve(Socket client, Fault first) {
    try (client) {
      if (first == Fault.BUSY) {
        int unused = client.getInputStream().read(new byte[1 << 16]);
        client
            .getOutputStream()
            .write(BUSY.formatted(PROBLEM.length(), PROBLEM).getBytes(US_ASCII));
        return;
      }
      try (Socket behind = new Socket(server.getHost(), server.getPort())) {
        open.add(behind);
        AtomicReference<Fault> fault = new AtomicReference<>(first);
        start(() -> ask(client, behind, fault));
        answer(client, behind, fault);
      }
    } catch (IOException cut) {
      // either side has gone
    }
  }

  private void ask(Socket client, Socket behind, AtomicReference<Fault> fault) {
    try {
      byte[] bytes = new byte[1 << 16];
      for (int read = client.getInputStream().read(bytes);
          read >= 0;
          read = client.getInputStream().read(bytes)) {
        Injected next = injected.peek();
        if (next != null && new String(bytes, 0, read, US_ASCII).contains(next.text)) {
          injected.remove(next);
          if (next.fault == Fault.PAGE) {
            client.getOutputStream().write(PAGE.getBytes(US_ASCII));
            client.shutdownOutput();
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
          }
          if (next.fault == Fault.PAGE || next.fault == Fault.CUT_REQUEST) {
            client.close();
            return;
          }
          fault.set(next.fault);
        }
        behind.getOutputStream().write(bytes, 0, read);
      }
      behind.shutdownOutput();
    } catch (IOException cut) {
      // either side has gone
    }
  }

  private static void answer(Socket client, Socket behind, AtomicReference<Fault> fault)
      throws IOException {
    InputStream in = behind.getInputStream();
    OutputStream out = client.getOutputStream();
    byte[] bytes = new byte[1 << 16];
    for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
      if (fault.get() == Fault.CUT_ANSWER) {
        return;
      }
      if (fault.get() == Fault.HALF_ANSWER) {
        out.write(Arrays.copyOf(bytes, read - 1));
        return;
      }
      if (fault.get() == Fault.STALL_ANSWER) {
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
