package dev.holdfast.testkit.postgres;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP proxy on 127.0.0.1 between clients and one server, which can be cut and frozen. Safe for
 * use by several threads.
 */
public final class Wire implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 16;

  private enum State {
    OPEN,
    /** Rejects all connections. */
    REFUSING,
    /** Accepts connections, but passes nothing, neither data nor the end of a connection. */
    FROZEN,
    CLOSED
  }

  private final ServerSocket door;
  private final int target;
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private State state = State.OPEN; // guarded by lock
  private final List<Link> links = new ArrayList<>(); // guarded by lock

  private Wire(ServerSocket door, int target) {
    this.door = door;
    this.target = target;
  }

  /** Creates a proxy to a port of 127.0.0.1 that passes everything. */
  public static Wire to(int port) {
    try {
      Wire wire =
          new Wire(new ServerSocket(Ports.free(), 50, InetAddress.getLoopbackAddress()), port);
      start("wire-door", wire::letIn);
      return wire;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void start(String name, Runnable run) {
    Thread thread = new Thread(run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns the port for clients. */
  public int port() {
    return door.getLocalPort();
  }

  /** Returns the same address through this proxy. */
  public String url(String serverUrl) {
    return serverUrl.replace(":" + target + "/", ":" + port() + "/");
  }

  /** Breaks all connections; new ones get through. */
  public void cut() {
    become(State.OPEN, true);
  }

  /** Breaks all connections, and breaks each new one at once. */
  public void refuse() {
    become(State.REFUSING, true);
  }

  /**
   * Stops passing anything, silently, like a network that drops all packets: connections stay, new
   * ones are accepted, and not even the end of a client reaches the server.
   */
  public void freeze() {
    become(State.FROZEN, false);
  }

  /** Passes everything again, beginning with what {@link #freeze} held back. */
  public void letThrough() {
    become(State.OPEN, false);
  }

  /** Breaks all connections for good. */
  @Override
  public void close() {
    become(State.CLOSED, true);
    close(door);
  }

  private void become(State next, boolean breaksLinks) {
    List<Link> broken = List.of();
    lock.lock();
    try {
      state = next;
      if (breaksLinks) {
        broken = List.copyOf(links);
        links.clear();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    broken.forEach(Link::cut);
  }

  private void letIn() {
    while (!door.isClosed()) {
      try {
        link(door.accept());
      } catch (IOException endedOrNoServer) {
        // the loop checks whether the proxy was closed
      }
    }
  }

  private void link(Socket client) throws IOException {
    Link link = new Link(client);
    lock.lock();
    try {
      if (state == State.OPEN || state == State.FROZEN) {
        links.add(link);
        start("wire-link", link::connect);
        return;
      }
    } finally {
      lock.unlock();
    }
    link.cut();
  }

  /** Holds data back while the proxy is frozen. @return whether the link is still intact */
  private boolean passes(Link link) throws InterruptedException {
    lock.lock();
    try {
      while (state == State.FROZEN && links.contains(link)) {
        changed.await();
      }
      return links.contains(link);
    } finally {
      lock.unlock();
    }
  }

  /** Removes a link. Returns false if it was cut, which ends it. */
  private boolean forget(Link link) {
    lock.lock();
    try {
      return links.remove(link);
    } finally {
      lock.unlock();
    }
  }

  /** One connection. */
  private final class Link {
    private final Socket client;
    private final Socket server = new Socket();

    Link(Socket client) {
      this.client = client;
    }

    void connect() {
      try {
        if (passes(this)) {
          client.setTcpNoDelay(true);
          server.setTcpNoDelay(true);
          server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
          start("wire-back", () -> pump(server, client));
          pump(client, server);
          return;
        }
      } catch (IOException noServer) {
        // the client will find its connection broken
      } catch (InterruptedException told) {
        Thread.currentThread().interrupt();
      }
      end();
    }

    private void pump(Socket from, Socket to) {
      byte[] chunk = new byte[CHUNK_BYTES];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int count = in.read(chunk); count >= 0 && passes(this); count = in.read(chunk)) {
          out.write(chunk, 0, count);
        }
        passes(this);
      } catch (IOException broken) {
        awaitPassage();
      } catch (InterruptedException told) {
        Thread.currentThread().interrupt();
      }
      end();
    }

    /**
     * Waits until data may pass: the end of one side reaches the other no sooner than data would.
     */
    private void awaitPassage() {
      try {
        passes(this);
      } catch (InterruptedException told) {
        Thread.currentThread().interrupt();
      }
    }

    private void end() {
      if (forget(this)) {
        close(client);
        close(server);
      }
    }

    /** Cuts with a reset, so that both sides notice at once. */
    void cut() {
      reset(client);
      reset(server);
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException closed) {
      // already closed
    }
    close(socket);
  }

  private static void close(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
