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
 * A TCP proxy on 127.0.0.1 between clients and one server, that can be cut and frozen. Safe for use
 * by several threads.
 */
public final class Wire implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 16;

  private enum State {
    OPEN,
    /** Nobody gets in. */
    REFUSING,
    /** Everybody gets in, and nothing gets through, neither data nor the end of a connection. */
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

  /** A wire to a port of 127.0.0.1, that lets everything through. */
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

  /** Where clients connect. */
  public int port() {
    return door.getLocalPort();
  }

  /** The same address, but over this wire. */
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
   * Passes nothing any more and tells nobody, as a network that lost its way: connections stay, new
   * ones come into being, and not even the end of a client reaches the server.
   */
  public void freeze() {
    become(State.FROZEN, false);
  }

  /** Lets everything through again; what was held back by {@link #freeze} comes first. */
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
        // the loop looks whether the door was closed
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

  /** Holds data back while the wire is frozen. @return whether the link is still whole */
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

  /** Returns false if somebody has cut it, and so ends it. */
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
        // the client finds its connection broken
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

    /** The end of one side reaches the other no sooner than data would. */
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

    /** With a reset, so that both sides know at once. */
    void cut() {
      reset(client);
      reset(server);
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException closed) {
      // so it is over already
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
