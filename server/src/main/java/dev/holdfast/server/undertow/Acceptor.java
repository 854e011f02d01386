package dev.holdfast.server.undertow;

import io.undertow.UndertowOptions;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/**
 * Accepts connections, and lets Undertow parse their requests. It does what {@code
 * Undertow.Builder} does for one listener, but gets hold of each connection before the parser does.
 */
final class Acceptor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Acceptor.class);
  private static final int IO_THREADS = 2;
  private static final int BACKLOG = 1_000;
  private static final int HEADER_BYTES_MAX = 16 << 10;
  private static final int BUFFER_BYTES = 16 << 10;
  private static final int BUFFERS_MAX = -1; // as many as there are connections
  private static final int BUFFERS_PER_THREAD = 4;
  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

  private final DefaultByteBufferPool buffers =
      new DefaultByteBufferPool(true, BUFFER_BYTES, BUFFERS_MAX, BUFFERS_PER_THREAD);
  private final Function<String, ByteBuffer> refusals;
  private final ChunkedBodies bodies;
  private final XnioWorker worker;
  private final HttpOpenListener http;
  private final AcceptingChannel<? extends StreamConnection> accepting;

  /**
   * Starts to accept connections.
   *
   * @param tls the certificate; empty for none
   * @param refusals returns a whole response to what the parser refuses, for its reason
   * @param bodies checks the bodies on all connections
   * @throws IOException if the address is in use
   */
  Acceptor(
      InetSocketAddress address,
      Optional<SSLContext> tls,
      Capacity capacity,
      HttpHandler handler,
      Function<String, ByteBuffer> refusals,
      ChunkedBodies bodies)
      throws IOException {
    this.refusals = refusals;
    this.bodies = bodies;
    Xnio xnio = Xnio.getInstance(Acceptor.class.getClassLoader());
    worker = xnio.createWorker(workerOptions());
    http = new HttpOpenListener(buffers, parserOptions(capacity));
    http.setRootHandler(handler);
    try {
      accepting = accept(xnio, address, tls.orElse(null), socketOptions(capacity));
    } catch (IOException | RuntimeException failure) {
      worker.shutdownNow();
      throw failure;
    }
    accepting.resumeAccepts();
  }

  private AcceptingChannel<? extends StreamConnection> accept(
      Xnio xnio, InetSocketAddress address, @Nullable SSLContext tls, OptionMap options)
      throws IOException {
    if (tls == null) {
      return worker.createStreamConnectionServer(address, this::acceptOne, options);
    }
    return new UndertowXnioSsl(
            xnio, OptionMap.create(Options.USE_DIRECT_BUFFERS, true), buffers, tls)
        .createSslConnectionServer(worker, address, this::acceptOne, options);
  }

  private void acceptOne(AcceptingChannel<? extends StreamConnection> channel) {
    try {
      @Nullable StreamConnection connection = channel.accept();
      if (connection != null) { // another thread may have been faster
        open(connection);
      }
    } catch (ClosedChannelException stopped) {
      // its client finds another server
    } catch (IOException failure) {
      log.warn("A connection was not accepted: {}", failure.getMessage());
    }
  }

  private void open(StreamConnection connection) {
    ParserRefusals.replace(connection, refusals);
    bodies.prepare(connection);
    http.handleEvent(connection);
  }

  private static OptionMap workerOptions() {
    return OptionMap.builder()
        .set(Options.WORKER_IO_THREADS, IO_THREADS)
        .set(Options.WORKER_TASK_CORE_THREADS, 1) // cancels reads; requests have their own pools
        .set(Options.WORKER_TASK_MAX_THREADS, 1)
        .set(Options.THREAD_DAEMON, true)
        .getMap();
  }

  private static OptionMap socketOptions(Capacity capacity) {
    int idleMillis = Math.toIntExact(capacity.idle().toMillis());
    return OptionMap.builder()
        .set(Options.WORKER_IO_THREADS, IO_THREADS)
        .set(Options.TCP_NODELAY, true)
        .set(Options.REUSE_ADDRESSES, true)
        .set(Options.BALANCING_TOKENS, 1)
        .set(Options.BALANCING_CONNECTIONS, 2)
        .set(Options.BACKLOG, BACKLOG)
        .set(Options.READ_TIMEOUT, idleMillis) // while it waits for a body, too
        .set(Options.WRITE_TIMEOUT, idleMillis)
        .set(Options.CONNECTION_HIGH_WATER, capacity.connections())
        .set(Options.CONNECTION_LOW_WATER, capacity.connections())
        .getMap();
  }

  /** Returns options by which the parser leaves to us all that we can refuse in better words. */
  private static OptionMap parserOptions(Capacity capacity) {
    return OptionMap.builder()
        .set(UndertowOptions.BUFFER_PIPELINED_DATA, false) // see ParserRefusals
        .set(UndertowOptions.MAX_HEADER_SIZE, HEADER_BYTES_MAX)
        .set(UndertowOptions.MAX_HEADERS, HEADER_BYTES_MAX) // more than fit
        .set(UndertowOptions.MAX_PARAMETERS, HEADER_BYTES_MAX)
        .set(UndertowOptions.MAX_ENTITY_SIZE, (long) (1 << 20))
        .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, Math.toIntExact(capacity.headers().toMillis()))
        .set(UndertowOptions.NO_REQUEST_TIMEOUT, Math.toIntExact(capacity.idle().toMillis()))
        .set(UndertowOptions.DECODE_URL, false)
        .set(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
        .set(UndertowOptions.ALWAYS_SET_DATE, true)
        .getMap();
  }

  /** Returns the address that it listens on. */
  InetSocketAddress address() {
    return accepting.getLocalAddress(InetSocketAddress.class);
  }

  @Override
  public void close() {
    IoUtils.safeClose(accepting);
    worker.shutdown();
    try {
      boolean unused = worker.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    worker.shutdownNow();
  }
}
